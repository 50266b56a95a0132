#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "memscale/analysis/curve_fit.hpp"
#include "memscale/analysis/goodness.hpp"
#include "memscale/analysis/step_cells.hpp"
#include "memscale/analysis/verdict.hpp"

namespace memscale {

/// Exponent of capacity ~ d^C after T steps.
struct StepExponent {
  std::int64_t steps = 0;
  Coefficient c;  ///< theory: e_T (model/capacity_exponent.hpp)
  Goodness goodness;
  std::int64_t d_count = 0;
};

/// C against T at one alpha, from trials of T steps or from what longer ones had after T steps. By least squares
///   C_T = limit - gap ratio^T,
/// theory's recursion of muon: limit 2, gap 1, ratio 1 - 1/(2 alpha). Needs four T.
struct StepsFit {
  std::string label;
  double alpha = 0;
  Trial trial;                          ///< of the most steps
  std::vector<StepExponent> exponents;  ///< ascending T
  std::optional<Coefficient> limit, ratio;
  double gap = 0;
  Goodness goodness;
};

struct StepsFits {
  std::vector<StepsFit> fits;
  std::vector<std::string> notes;
};

/// The law of one method at one alpha, `points` its step_points; none without an exponent.
StepsFits fit_steps(const StepSweep& sweep, const std::vector<StepPoint>& points, Resamples resamples);

}  // namespace memscale
