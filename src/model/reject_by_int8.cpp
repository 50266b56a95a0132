#include <algorithm>
#include <cmath>
#include <limits>

#include "memscale/linalg/blas.hpp"
#include "memscale/linalg/norm_bound.hpp"
#include "memscale/model/capacity_check.hpp"

// In the units of ScaledWeights, W and v standing for W D and D^-1 v; ~ marks what 8 bits hold, scale times integers.
//   own score  u_i . W v:  |u_i . (W v - W~ v~)| <= ||u_i|| (||W|| ||v - v~|| + ||W - W~|| ||v~||)
//   competitor z_j . v, z_j = W^T u_j:  |z_j . v - z~_j . v~| <= ||z_j|| ||v - v~|| + ||z_j - z~_j|| ||v~||
// so that no query's W v is ever made.

namespace memscale {

namespace {

using Index = Eigen::Index;

constexpr Index first_competitors = 128;  // enough for most queries: z costs as much for each as W does for a row
constexpr double hopeless = 4;            // slack in standard deviations of the scores, above which few queries leave
constexpr double inflate = 1 + 1e-6;      // rounding of the bounds themselves

/// W as a kernel's panels.
struct PackedWeights {
  Int8Panels panels;
  std::vector<float> scale;
  double norm = 0;   ///< at least ||W||_2
  double error = 0;  ///< at least ||W - W~||_2
};

std::vector<float> ones(Index count) {
  return std::vector<float>(static_cast<std::size_t>(count), 1.0f);
}

PackedWeights pack(const CapacityCheck& check) {
  const MatrixF& w = check.weights.balanced;
  const Index d = w.rows();
  const std::vector<float> unscaled = ones(d);
  Int8Rows rows(d, d);
  MatrixF lost(d, d);
  for (Index r = 0; r < d; ++r) {
    rows.set(*check.competitors.int8(), r, w.row(r).data(), unscaled.data());
    const float scale = rows.scale()[static_cast<std::size_t>(r)];
    for (Index k = 0; k < d; ++k) lost(r, k) = w(r, k) - scale * static_cast<float>(rows.row(r)[k]);
  }
  // float32 holds W to 2^-24 of each entry, what was lost to 2^-23
  const double rounding = std::ldexp(check.weights.frobenius, -22);
  PackedWeights packed;
  packed.panels = Int8Panels(rows);
  packed.scale = lane_values(packed.panels, rows.scale());
  packed.norm = spectral_norm_bound(w, check.team) + rounding;
  packed.error = spectral_norm_bound(lost, check.team) + rounding;
  return packed;
}

/// z_j of the first competitors as a kernel's panels.
struct PackedCompetitors {
  Int8Panels panels;
  std::vector<float> scale, norm, error;
};

PackedCompetitors pack_first(const CapacityCheck& check) {
  const Index d = check.memory.dimension(), count = std::min(first_competitors, check.competitors.head().rows());
  MatrixF z(count, d);
  blas::gemm(blas::Op::none, blas::Op::none, 1.0f, check.competitors.head().topRows(count), check.weights.balanced,
             0.0f, z);
  Int8Rows rows(count, d);
  const std::vector<float> unscaled = ones(d);
  std::vector<float> norm, error;
  for (Index j = 0; j < count; ++j) {
    rows.set(*check.competitors.int8(), j, z.row(j).data(), unscaled.data());
    const auto item = static_cast<std::size_t>(check.competitors.order()[static_cast<std::size_t>(j)]);
    const double made = float_gamma(d + 4) * check.weights.frobenius * check.competitors.output_norm()[item] +
                        static_cast<double>(d * d) * 1e-37;  // flushed to zero
    const double length = rows.norm()[static_cast<std::size_t>(j)] + made;
    const double lost = rows.error()[static_cast<std::size_t>(j)] + made;
    norm.push_back(static_cast<float>(length * inflate));
    error.push_back(static_cast<float>(lost * inflate + 1e-6 * length));  // the kernel's own rounding
  }
  PackedCompetitors packed;
  packed.panels = Int8Panels(rows);
  packed.scale = lane_values(packed.panels, rows.scale());
  packed.norm = lane_values(packed.panels, norm);
  packed.error = lane_values(packed.panels, error);
  return packed;
}

/// Bounds of a block of queries in units of each one's scale.
struct Block {
  std::vector<float> error, norm;  ///< ||v - v~|| and ||v~||
  std::vector<float> own, best;
  std::vector<std::int64_t> kept;
};

}  // namespace

std::vector<std::int64_t> reject_by_int8(const CapacityCheck& check, std::vector<std::int64_t> items) {
  const Competitors& competitors = check.competitors;
  if (!competitors.int8() || items.empty()) return items;
  const Int8Kernels& kernels = *competitors.int8();
  const Int8Rows& v = competitors.inputs();
  const Index d = check.memory.dimension(), count = check.memory.items();
  const PackedWeights weights = pack(check);
  const PackedCompetitors first = pack_first(check);
  const double gamma = float_gamma(d + 8) * (weights.norm + weights.error);
  // of the first query, as all are much alike: scores have a standard deviation of about ||W||_F ||v|| / d
  const double length = v.norm().front();
  if (2 * weights.norm * v.error().front() + weights.error * length >
      hopeless * check.weights.frobenius * length / static_cast<double>(d))
    return items;
  std::vector<std::uint8_t> compared(static_cast<std::size_t>(count), 0);  // no item competes with itself
  for (Index j = 0; j < std::min(first_competitors, competitors.head().rows()); ++j)
    compared[static_cast<std::size_t>(competitors.order()[static_cast<std::size_t>(j)])] = 1;

  const auto slack = [&](std::size_t item, float error, float norm) {
    const double u = competitors.output_norm()[item];
    const double bound = u * (weights.norm * error + (weights.error + gamma) * norm) * inflate;
    const bool in_range = u * (weights.norm + weights.error) * norm < 1e37 && bound < 1e37;  // no sum overflows
    return in_range ? bound + static_cast<double>(d) * 1e-36 : std::numeric_limits<double>::infinity();
  };
  const auto queries = static_cast<Index>(items.size());
  std::vector<Block> blocks(static_cast<std::size_t>(check.team.size()));
  std::vector<std::int64_t> left;
  const auto compute = [&](std::size_t task, int thread) {
    Block& b = blocks[static_cast<std::size_t>(thread)];
    const Index position = static_cast<Index>(task) * int8_block, size = std::min(int8_block, queries - position);
    const Index start = items[static_cast<std::size_t>(position)];
    for (std::vector<float>* values : {&b.error, &b.norm, &b.own, &b.best})
      values->resize(static_cast<std::size_t>(size));
    for (std::size_t i = 0; i < static_cast<std::size_t>(size); ++i) {
      const std::size_t item = static_cast<std::size_t>(start) + i;
      const double scale = v.scale()[item];
      b.error[i] = static_cast<float>(v.error()[item] / scale * inflate);
      b.norm[i] = static_cast<float>((static_cast<double>(v.norm()[item]) + v.error()[item]) / scale * inflate);
    }
    Int8Operands operands = v.rows(start, size);
    operands.panels = weights.panels.panel(0);
    operands.panel_count = weights.panels.count();
    kernels.project(operands, weights.scale.data(), check.memory.u.row(start).data(), d, b.own.data());
    operands.panels = first.panels.panel(0);
    operands.panel_count = first.panels.count();
    kernels.best(operands, first.scale.data(), first.norm.data(), first.error.data(), b.error.data(), b.norm.data(),
                 b.best.data());
    b.kept.clear();
    for (std::size_t i = 0; i < static_cast<std::size_t>(size); ++i) {
      const std::size_t item = static_cast<std::size_t>(start) + i;
      const double own = b.own[i] + slack(item, b.error[i], b.norm[i]) - check.margin / v.scale()[item];
      if (compared[item] || !(b.best[i] > own)) b.kept.push_back(static_cast<std::int64_t>(item));
    }
  };
  check.team.run(static_cast<std::size_t>((queries + int8_block - 1) / int8_block), compute,
                 [&](std::size_t, int thread) {
                   const Block& b = blocks[static_cast<std::size_t>(thread)];
                   left.insert(left.end(), b.kept.begin(), b.kept.end());
                 });
  return left;
}

}  // namespace memscale
