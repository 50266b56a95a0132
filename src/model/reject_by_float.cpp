#include <algorithm>
#include <cmath>
#include <limits>

#include "memscale/linalg/blas.hpp"
#include "memscale/model/capacity_check.hpp"

// In the units of ScaledWeights, with x = W v and e = gamma_(d+2): ||fl(x) - x|| <= e ||W D||_F ||D^-1 v||, for
// |fl(x)_r - x_r| <= e sum_k |W_rk D_k| |v_k / D_k|. A score u . x adds gamma_d ||u|| ||x||.

namespace memscale {

namespace {

using Index = Eigen::Index;

constexpr Index block = 512;             // queries a task
constexpr Index first_competitors = 64;  // most queries lose to one of the first few
constexpr Index largest_chunk = 512;

struct Query {
  std::int64_t item;
  double own;    ///< score, less the margin
  double slack;  ///< of the difference to any competitor's
};

/// One thread's queries.
class Block {
 public:
  explicit Block(const CapacityCheck& check)
      : check_(check),
        v_(block, check.memory.dimension()),
        x_(block, check.memory.dimension()),
        scores_(block, largest_chunk) {}

  /// Sets the queries to `items`, ascending, at most `block`.
  void set(std::span<const std::int64_t> items);
  /// Drops those that lose to competitors first .. first + count - 1 of the head.
  void meet(Index first, Index count);
  const std::vector<Query>& queries() const { return queries_; }

 private:
  const CapacityCheck& check_;
  MatrixF v_, x_, scores_;
  std::vector<Query> queries_;
};

void Block::set(std::span<const std::int64_t> items) {
  const auto rows = static_cast<Index>(items.size()), d = x_.cols();
  const bool adjacent = items.back() - items.front() == rows - 1;
  if (!adjacent)
    for (Index row = 0; row < rows; ++row) v_.row(row) = check_.memory.v.row(items[static_cast<std::size_t>(row)]);
  blas::gemm(
      blas::Op::none, blas::Op::transpose, 1.0f,
      adjacent ? blas::ConstRefF(check_.memory.v.middleRows(items.front(), rows)) : blas::ConstRefF(v_.topRows(rows)),
      check_.weights.plain, 0.0f, x_.topRows(rows));
  const double input_error = float_gamma(d + 4) * check_.weights.frobenius * (1 + 1e-6);
  const double score_error = float_gamma(d + 2) * (1 + 1e-3);  // of a norm in float32, too
  const double flushed = static_cast<double>(d * d) * 1e-37;   // products that count as 0
  queries_.clear();
  for (Index row = 0; row < rows; ++row) {
    const std::int64_t item = items[static_cast<std::size_t>(row)];
    const auto i = static_cast<std::size_t>(item);
    const double length = x_.row(row).norm();
    const double reach = static_cast<double>(check_.competitors.output_norm()[i]) + check_.competitors.longest_output();
    const double error = input_error * check_.competitors.input_norm()[i] + score_error * length + flushed;
    const bool in_range = length > 1e-15 && length * reach < 1e37;  // squares neither flushed nor overflown
    const double own = x_.row(row).dot(check_.memory.u.row(item));
    queries_.push_back(
        {item, own - check_.margin, in_range ? error * reach + flushed : std::numeric_limits<double>::infinity()});
  }
}

void Block::meet(Index first, Index count) {
  const auto rows = static_cast<Index>(queries_.size());
  if (rows == 0) return;
  auto scores = scores_.topLeftCorner(rows, count);
  blas::gemm(blas::Op::none, blas::Op::transpose, 1.0f, x_.topRows(rows),
             check_.competitors.head().middleRows(first, count), 0.0f, scores);
  const std::int64_t* order = check_.competitors.order().data() + first;
  Index kept = 0;
  for (Index row = 0; row < rows; ++row) {
    const Query query = queries_[static_cast<std::size_t>(row)];
    const double limit = query.own + query.slack;
    if (scores.row(row).maxCoeff() > limit) {
      // the item itself, found by index and never by value, is no competitor
      const Index self = std::find(order, order + count, query.item) - order;
      if (self < count) scores(row, self) = -std::numeric_limits<float>::infinity();
      if (self == count || scores.row(row).maxCoeff() > limit) continue;
    }
    if (kept != row) x_.row(kept) = x_.row(row);
    queries_[static_cast<std::size_t>(kept++)] = query;
  }
  queries_.resize(static_cast<std::size_t>(kept));
}

}  // namespace

std::vector<std::int64_t> reject_by_float(const CapacityCheck& check, const std::vector<std::int64_t>& items) {
  const Index competitors = check.competitors.head().rows();
  std::vector<Block> blocks;
  for (int thread = 0; thread < check.team.size(); ++thread) blocks.emplace_back(check);
  std::vector<std::int64_t> left;
  const auto compute = [&](std::size_t task, int thread) {
    Block& b = blocks[static_cast<std::size_t>(thread)];
    const std::size_t start = task * block;
    b.set(std::span(items).subspan(start, std::min<std::size_t>(block, items.size() - start)));
    Index chunk = first_competitors;
    for (Index j = 0; j < competitors; j += chunk, chunk = std::min(std::max(first_competitors, j), largest_chunk))
      b.meet(j, std::min(chunk, competitors - j));
  };
  check.team.run((items.size() + block - 1) / block, compute, [&](std::size_t, int thread) {
    for (const Query& query : blocks[static_cast<std::size_t>(thread)].queries()) left.push_back(query.item);
  });
  return left;
}

}  // namespace memscale
