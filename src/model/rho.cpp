#include "memscale/model/rho.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace memscale {

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

/// h(eta) = log sum_{i wrong} n_i exp(eta x_i) = log((1 - f) / f), x_i = the update's wrong score less the correct one:
/// convex in eta.
struct OddsRow {
  Eigen::ArrayXd x, n, e;

  void read(const ScoreRows& rows, const Matrix& update, Eigen::Index index, ScoreRow& row) {
    rows.read(update, index, row);
    x = row.others - row.correct;
    n = row.counts;
  }

  struct Value {
    double h, slope;
  };
  Value at(double eta) {
    const double top = eta * x.maxCoeff();
    e = n * (eta * x - top).exp();
    const double sum = e.sum();
    return {top + std::log(sum), (e * x).sum() / sum};
  }

  /// The smallest eta with h(eta) <= target, if it is below `bound`; else `bound`. A tangent of a convex function lies
  /// below it, so Newton's steps from the left never pass the root.
  double crossing(double target, double bound) {
    constexpr int most_steps = 200;
    double eta = 0;
    if (bound < never) {
      const Value value = at(bound);
      if (value.h > target && value.slope <= 0) return bound;  // still falling, so not yet there
    }
    for (int step = 0; step < most_steps; ++step) {
      const Value value = at(eta);
      if (value.h <= target) return eta;
      if (!(value.slope < 0)) return bound;
      const double next = eta + (target - value.h) / value.slope;
      if (!(next > eta)) return std::min(eta, bound);  // rounding
      if (next >= bound) return bound;
      eta = next;
    }
    return std::min(eta, bound);
  }
};

}  // namespace

double rho(const OrthogonalMemory& memory, const Matrix& update, double eps, ThreadTeam& team) {
  if (memory.items() == 1) return 1;
  if (!update.allFinite()) return std::numeric_limits<double>::quiet_NaN();
  const double target = std::log(eps) - std::log1p(-eps);  // of log((1 - f) / f)
  const auto rows = memory.rows->rows();
  OddsRow odds;
  ScoreRow row;
  double eta = never;
  for (Eigen::Index k = 0; k < rows; ++k) {
    odds.read(*memory.rows, update, k, row);
    eta = odds.crossing(target, eta);
  }
  if (eta == never) return std::numeric_limits<double>::quiet_NaN();
  return view_scores(memory, eta * update, team).correct.minCoeff();
}

}  // namespace memscale
