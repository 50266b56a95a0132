#include "memscale/model/capacity.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "memscale/linalg/blas.hpp"

namespace memscale {

namespace {

using Index = Eigen::Index;

/// One query: the item, and its own score s_ii in the units of Queries::exact and of Queries::direction.
struct Query {
  Index item;
  double own;
  double own_direction;
};

/// Queries x_i = W v_i, row by row: the first size() rows of buffers that are made once.
struct Queries {
  std::vector<Query> query;
  MatrixF direction;  ///< x_i / ||x_i|| in float32: neither overflows nor meets denormals
  Matrix exact;       ///< x_i times a power of two, so that ties stay ties

  Queries(Index capacity, Index d) : direction(capacity, d), exact(capacity, d) {}
  Index size() const { return static_cast<Index>(query.size()); }
};

/// A float32 score in these units differs from the float64 one by at most `slack`: |fl(x.u) - x.u| <= gamma_d |x|.|u|
/// for any order of summation, gamma_d = d e / (1 - d e), e = 2^-24, and |x|.|u| <= ||x|| ||u||; one e more for
/// rounding x, the rest for second-order terms, the comparison's own rounding and flushed denormals.
float score_slack(const MatrixF& u) {
  const double d = static_cast<double>(u.cols()), e = std::ldexp(1.0, -24);
  const double gamma = d * e / (1 - d * e);
  const double longest = std::sqrt(u.cast<double>().rowwise().squaredNorm().maxCoeff());
  return static_cast<float>((gamma + 8 * e) * 1.001 * longest + d * 1e-36);
}

double exact_score(const Queries& queries, Index q, const MatrixF& u, Index j) {
  return queries.exact.row(q).dot(u.row(j).cast<double>());
}

enum class Verdict { survives, loses };

/// Whether query q survives competitors first .. first + scores.size() - 1 (its own item is skipped by index, never by
/// value).
Verdict judge(const Queries& queries, Index q, const MatrixF& u, Index first, Eigen::Ref<Eigen::RowVectorXf> scores,
              float slack) {
  const Query& query = queries.query[static_cast<std::size_t>(q)];
  const Index own_column = query.item - first;
  if (own_column >= 0 && own_column < scores.size()) scores(own_column) = -std::numeric_limits<float>::infinity();
  const double best = scores.maxCoeff();
  if (best < query.own_direction - slack) return Verdict::survives;
  if (best > query.own_direction + slack) return Verdict::loses;
  for (Index column = 0; column < scores.size(); ++column)
    if (scores(column) >= query.own_direction - slack && exact_score(queries, q, u, first + column) >= query.own)
      return Verdict::loses;
  return Verdict::survives;
}

/// Drops from `queries` all that lose against competitors first .. first + count - 1.
void scan(Queries& queries, const MatrixF& u, Index first, Index count, float slack, std::vector<float>& buffer) {
  if (queries.size() == 0) return;
  buffer.resize(std::max(buffer.size(), static_cast<std::size_t>(queries.size() * count)));
  Eigen::Map<MatrixF> scores(buffer.data(), queries.size(), count);
  blas::gemm(blas::Op::none, blas::Op::transpose, 1.0f, queries.direction.topRows(queries.size()),
             u.middleRows(first, count), 0.0f, scores);
  Index kept = 0;
  for (Index q = 0; q < queries.size(); ++q) {
    if (judge(queries, q, u, first, scores.row(q), slack) == Verdict::loses) continue;
    if (kept != q) {
      queries.direction.row(kept) = queries.direction.row(q);
      queries.exact.row(kept) = queries.exact.row(q);
    }
    queries.query[static_cast<std::size_t>(kept)] = queries.query[static_cast<std::size_t>(q)];
    ++kept;
  }
  queries.query.resize(static_cast<std::size_t>(kept));
}

/// Sets `queries` to those of items first .. first + count - 1 that can win at all: x_i finite and not 0.
void set_queries(Queries& queries, const GaussianMemory& memory, const Matrix& weights, Index first, Index count,
                 Matrix& inputs) {
  inputs = memory.v.middleRows(first, count).cast<double>();
  auto x = queries.exact.topRows(count);
  blas::gemm(blas::Op::none, blas::Op::transpose, 1.0, inputs, weights, 0.0, x);  // x_i = W v_i
  queries.query.clear();
  for (Index row = 0; row < count; ++row) {
    const double largest = x.row(row).cwiseAbs().maxCoeff<Eigen::PropagateNaN>();
    if (!std::isfinite(largest) || largest == 0) continue;
    const Index kept = queries.size();
    queries.exact.row(kept) = x.row(row) * std::ldexp(1.0, std::min(1000, -std::ilogb(largest)));
    const double norm = queries.exact.row(kept).norm(), own = exact_score(queries, kept, memory.u, first + row);
    queries.direction.row(kept) = (queries.exact.row(kept) / norm).cast<float>();
    queries.query.push_back({first + row, own, own / norm});
  }
}

void append(Queries& all, const Queries& more) {
  all.direction.middleRows(all.size(), more.size()) = more.direction.topRows(more.size());
  all.exact.middleRows(all.size(), more.size()) = more.exact.topRows(more.size());
  all.query.insert(all.query.end(), more.query.begin(), more.query.end());
}

}  // namespace

Recovery find_recovered(const GaussianMemory& memory, const Matrix& weights) {
  constexpr Index block = 2048;            // queries at a time
  constexpr Index first_competitors = 64;  // most queries lose to one of the first few
  constexpr Index first_stage = 1024;      // competitors met block by block; the survivors of all blocks meet the rest
  constexpr Index last_chunk = 512;        // that many at a time: the scores stay in cache
  const Index items = memory.items();
  const float slack = score_slack(memory.u);
  const Index rows = std::min(block, items);
  Queries queries(rows, memory.dimension()), survivors(2 * rows, memory.dimension());
  std::vector<float> scores;
  Matrix inputs;
  Recovery recovery{std::vector<std::uint8_t>(static_cast<std::size_t>(items), 0)};
  const auto finish = [&] {
    for (Index j = std::min(first_stage, items); j < items; j += last_chunk)
      scan(survivors, memory.u, j, std::min(last_chunk, items - j), slack, scores);
    for (const Query& query : survivors.query) recovery.recovered[static_cast<std::size_t>(query.item)] = 1;
    survivors.query.clear();
  };
  for (Index start = 0; start < items; start += block) {
    set_queries(queries, memory, weights, start, std::min(block, items - start), inputs);
    Index chunk = first_competitors;
    for (Index j = 0; j < std::min(first_stage, items); j += chunk, chunk = std::max(first_competitors, j))
      scan(queries, memory.u, j, std::min({chunk, first_stage - j, items - j}), slack, scores);
    append(survivors, queries);
    if (survivors.size() >= rows) finish();
  }
  finish();
  return recovery;
}

std::int64_t Recovery::capacity() const {
  return std::count(recovered.begin(), recovered.end(), 1);
}

std::int64_t Recovery::prefix() const {
  return std::find(recovered.begin(), recovered.end(), 0) - recovered.begin();
}

double Recovery::accuracy(const Vector& p) const {
  double sum = 0;
  for (std::size_t i = 0; i < recovered.size(); ++i)
    if (recovered[i]) sum += p(static_cast<Index>(i));
  return sum;
}

}  // namespace memscale
