#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>

#include "memscale/linalg/blas.hpp"
#include "memscale/model/capacity_check.hpp"
#include "memscale/model/exact_product.hpp"

namespace memscale {

namespace {

using Index = Eigen::Index;

constexpr Index batch = 2048;             // finalists at a time
constexpr Index exact_block = 32;         // of which a task makes x = W v
constexpr Index competitor_block = 1024;  // a task; 8-bit rows of them stay in cache
constexpr Index first_round = 8192;  // competitors before the finalists that lost are dropped; then 8 times as many
constexpr Index chunk = 512;         // float32 scores at a time, (chunk, chunk)

/// Up to `batch` items with their exact x_i = W v_i, times a power of two each so that ties stay ties.
class Finalists {
 public:
  Finalists(const CapacityCheck& check, const ExactProduct& product, std::span<const std::int64_t> items);

  std::size_t size() const { return items_.size(); }
  /// Those that have not lost, ascending.
  std::vector<std::size_t> alive() const;
  bool lost(std::size_t i) const { return lost_[i].load(std::memory_order_relaxed); }
  std::int64_t item(std::size_t i) const { return items_[i]; }
  /// x_i / ||x_i|| in float32: neither overflows nor meets denormals.
  const MatrixF& direction() const { return direction_; }
  /// Own score less margin, in units of `direction`.
  double limit(std::size_t i) const { return direction_limit_[i]; }

  /// Decides i against `competitor` in float64.
  void meet(std::size_t i, std::int64_t competitor);

 private:
  void set(std::size_t i, const Eigen::Ref<const Eigen::RowVectorXd>& x);
  double score(std::size_t i, std::int64_t item) const {
    return exact_.row(static_cast<Index>(i)).dot(check_.memory.u.row(item).cast<double>());
  }

  const CapacityCheck& check_;
  std::span<const std::int64_t> items_;
  Matrix exact_;
  MatrixF direction_;
  std::vector<double> limit_, direction_limit_;
  std::unique_ptr<std::atomic<bool>[]> lost_;
};

Finalists::Finalists(const CapacityCheck& check, const ExactProduct& product, std::span<const std::int64_t> items)
    : check_(check),
      items_(items),
      exact_(static_cast<Index>(items.size()), check.memory.dimension()),
      direction_(exact_.rows(), exact_.cols()),
      limit_(items.size()),
      direction_limit_(items.size()),
      lost_(std::make_unique<std::atomic<bool>[]>(items.size())) {
  const Index count = exact_.rows();
  check.team.run(static_cast<std::size_t>((count + exact_block - 1) / exact_block), [&](std::size_t task, int) {
    const Index first = static_cast<Index>(task) * exact_block, rows = std::min(exact_block, count - first);
    Matrix v(rows, exact_.cols());
    for (Index row = 0; row < rows; ++row)
      v.row(row) = check.memory.v.row(items[static_cast<std::size_t>(first + row)]).cast<double>();
    const Matrix x = product(v);
    for (Index row = 0; row < rows; ++row) set(static_cast<std::size_t>(first + row), x.row(row));
  });
}

void Finalists::set(std::size_t i, const Eigen::Ref<const Eigen::RowVectorXd>& x) {
  const auto row = static_cast<Index>(i);
  const double largest = x.cwiseAbs().maxCoeff<Eigen::PropagateNaN>();
  if (!std::isfinite(largest) || largest == 0) {
    lost_[i] = true;
    return;
  }
  const int exponent = std::min(1000, -std::ilogb(largest));
  exact_.row(row) = x * std::ldexp(1.0, exponent);
  const double norm = exact_.row(row).norm();
  limit_[i] = score(i, items_[i]) - std::ldexp(check_.margin, exponent);
  direction_limit_[i] = limit_[i] / norm;
  direction_.row(row) = (exact_.row(row) / norm).cast<float>();
}

std::vector<std::size_t> Finalists::alive() const {
  std::vector<std::size_t> alive;
  for (std::size_t i = 0; i < size(); ++i)
    if (!lost(i)) alive.push_back(i);
  return alive;
}

void Finalists::meet(std::size_t i, std::int64_t competitor) {
  if (competitor == items_[i] || lost(i)) return;
  if (score(i, competitor) >= limit_[i]) lost_[i].store(true, std::memory_order_relaxed);
}

/// use(first, count, thread) for competitors first .. last - 1, block by block.
template <class Use>
void for_each_block(const CapacityCheck& check, Index first, Index last, Use use) {
  check.team.run(static_cast<std::size_t>((last - first + competitor_block - 1) / competitor_block),
                 [&](std::size_t task, int thread) {
                   const Index start = first + static_cast<Index>(task) * competitor_block;
                   use(start, std::min(competitor_block, last - start), thread);
                 });
}

/// With y = x / ||x|| and ~ for what 8 bits hold: |y . u - y~ . u~| <= ||y - y~|| ||u|| + ||y~|| ||u - u~||. Positions
/// first .. last - 1 whose bound does not stay below a finalist's limit are decided in float64.
void scan_int8(const CapacityCheck& check, Finalists& finalists, Index first, Index last) {
  const std::vector<std::size_t> alive = finalists.alive();
  if (alive.empty()) return;
  const Int8Kernels& kernels = *check.competitors.int8();
  const Int8Rows& u = check.competitors.outputs();
  const Index d = check.memory.dimension();
  const std::vector<float> unscaled(static_cast<std::size_t>(d), 1.0f);
  constexpr float infinity = std::numeric_limits<float>::infinity();
  Int8Rows rows(static_cast<std::int64_t>(alive.size()), d);
  std::vector<float> threshold, error, norm;
  for (std::size_t i = 0; i < alive.size(); ++i) {
    rows.set(kernels, static_cast<std::int64_t>(i), finalists.direction().row(static_cast<Index>(alive[i])).data(),
             unscaled.data());
    // 1e-6 > 8 * 2^-24 for the kernel's rounding and that of these values, 2^-23 for y in float32
    const double scale = rows.scale()[i], limit = finalists.limit(alive[i]);
    const double lost = rows.error()[i] + std::ldexp(1.0, -23), length = rows.norm()[i] + lost;
    // a threshold of infinity would be out of reach of any bound
    threshold.push_back(static_cast<float>(std::min((limit - 1e-6 * std::abs(limit)) / scale, 1e38)));
    error.push_back(static_cast<float>((lost * (1 + 1e-6) + 1e-6 * length) / scale));
    norm.push_back(static_cast<float>(length * (1 + 2e-6) / scale));
  }
  const Int8Panels panels(rows);
  error = lane_values(panels, error);
  norm = lane_values(panels, norm);
  threshold.resize(error.size(), infinity);
  std::vector<std::vector<Int8Hit>> hits(static_cast<std::size_t>(check.team.size()),
                                         std::vector<Int8Hit>(competitor_block));
  for_each_block(check, first, last, [&](Index start, Index count, int thread) {
    std::vector<Int8Hit>& found = hits[static_cast<std::size_t>(thread)];
    Int8Operands operands = u.rows(start, count);
    operands.panel_count = 1;
    for (Index panel = 0; panel < panels.count(); ++panel) {
      const std::size_t lane0 = static_cast<std::size_t>(panel * int8_lanes);
      std::array<float, int8_lanes> limits;
      for (std::size_t lane = 0; lane < limits.size(); ++lane)
        limits[lane] =
            lane0 + lane < alive.size() && finalists.lost(alive[lane0 + lane]) ? infinity : threshold[lane0 + lane];
      operands.panels = panels.panel(panel);
      const std::int64_t rows_hit =
          kernels.filter(operands, u.scale().data() + start, u.norm().data() + start, u.error().data() + start,
                         limits.data(), error.data() + lane0, norm.data() + lane0, found.data());
      for (std::int64_t hit = 0; hit < rows_hit; ++hit) {
        const auto [row, lanes] = found[static_cast<std::size_t>(hit)];
        const std::int64_t item = check.competitors.order()[static_cast<std::size_t>(start) + row];
        for (std::uint32_t rest = lanes; rest != 0; rest &= rest - 1) {
          const std::size_t lane = lane0 + static_cast<std::size_t>(std::countr_zero(rest));
          if (lane < alive.size()) finalists.meet(alive[lane], item);
        }
      }
    }
  });
}

/// The same with float32 scores of items first .. last - 1: |fl(y.u) - y.u| <= gamma_d ||y|| ||u||, and 8 e more for
/// rounding y and for second-order terms.
void scan_float(const CapacityCheck& check, Finalists& finalists, Index first, Index last) {
  const std::vector<std::size_t> alive = finalists.alive();
  if (alive.empty()) return;
  const Index d = check.memory.dimension(), queries = static_cast<Index>(alive.size());
  MatrixF directions(queries, d);
  for (Index row = 0; row < queries; ++row)
    directions.row(row) = finalists.direction().row(static_cast<Index>(alive[static_cast<std::size_t>(row)]));
  const double longest = check.competitors.longest_output();
  const double slack = longest < 1e37 ? (float_gamma(d) + std::ldexp(8.0, -24)) * 1.001 * longest +
                                            static_cast<double>(d) * 1e-36  // flushed products
                                      : std::numeric_limits<double>::infinity();
  std::vector<MatrixF> buffers(static_cast<std::size_t>(check.team.size()), MatrixF(chunk, chunk));
  for_each_block(check, first, last, [&](Index start, Index count, int thread) {
    for (Index j = start; j < start + count; j += chunk)
      for (Index row = 0; row < queries; row += chunk) {
        const Index columns = std::min(chunk, start + count - j), rows = std::min(chunk, queries - row);
        auto scores = buffers[static_cast<std::size_t>(thread)].topLeftCorner(rows, columns);
        blas::gemm(blas::Op::none, blas::Op::transpose, 1.0f, directions.middleRows(row, rows),
                   check.memory.u.middleRows(j, columns), 0.0f, scores);
        for (Index q = 0; q < rows; ++q) {
          const std::size_t i = alive[static_cast<std::size_t>(row + q)];
          const double limit = finalists.limit(i) - slack;
          if (finalists.lost(i) || scores.row(q).maxCoeff<Eigen::PropagateNaN>() < limit) continue;
          for (Index column = 0; column < columns; ++column)
            if (!(scores(q, column) < limit)) finalists.meet(i, j + column);
        }
      }
  });
}

}  // namespace

std::vector<std::int64_t> reject_exactly(const CapacityCheck& check, const std::vector<std::int64_t>& items) {
  const ExactProduct product(check.weights.exact);
  const Index competitors = check.memory.items();
  std::vector<std::int64_t> left;
  for (std::size_t start = 0; start < items.size(); start += batch) {
    Finalists finalists(check, product,
                        std::span(items).subspan(start, std::min<std::size_t>(batch, items.size() - start)));
    Index first = 0;
    for (Index last = first_round; first < competitors; first = last, last *= 8) {
      last = std::min(last, competitors);
      if (check.competitors.int8())
        scan_int8(check, finalists, first, last);
      else
        scan_float(check, finalists, first, last);
    }
    for (std::size_t i : finalists.alive()) left.push_back(finalists.item(i));
  }
  return left;
}

}  // namespace memscale
