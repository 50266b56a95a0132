#include "memscale/analysis/deterministic_fit.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

#include "memscale/analysis/line_fit.hpp"

namespace memscale {

namespace {

Estimate times(double sign, const Estimate& e) {
  if (sign > 0) return e;
  return {-e.value, -e.high, -e.low, e.standard_error};
}

std::optional<LinearFit> fit_design(std::span<const LawPoint> points, const std::vector<std::vector<double>>& design) {
  if (points.empty() || points.size() < design.front().size()) return std::nullopt;
  try {
    return fit_linear(points, design);
  } catch (const std::invalid_argument&) {  // columns that do not differ
    return std::nullopt;
  }
}

/// Without noise the corrected fit's own interval is narrow, too: whatever further terms are left out leads it past its
/// ends.
void heed_correction(Coefficient& c) {
  constexpr double most_left = 0.1;  // of the way to theory
  if (c.verdict == Verdict::not_consistent && c.corrected &&
      std::abs(c.corrected->value - *c.theory) <= most_left * std::abs(c.value - *c.theory))
    c.verdict = Verdict::finite_size;
}

}  // namespace

std::optional<PlainLine> plain_line(std::span<const LawPoint> points, double sign, std::optional<double> theory,
                                    const std::vector<std::vector<double>>& corrections) {
  std::vector<std::vector<double>> design, corrected_design;
  for (std::size_t i = 0; i < points.size(); ++i) {
    design.push_back({1, points[i].x});
    if (corrections.empty()) continue;
    corrected_design.push_back(design.back());
    corrected_design.back().insert(corrected_design.back().end(), corrections[i].begin(), corrections[i].end());
  }
  const std::optional<LinearFit> fit = fit_design(points, design);
  if (!fit) return std::nullopt;
  std::optional<Estimate> corrected;
  if (const auto with_term = corrections.empty() ? std::nullopt : fit_design(points, corrected_design))
    corrected = times(sign, with_term->by_fit[1]);
  const Estimate slope = times(sign, fit->by_fit[1]);
  PlainLine line{judge(slope, slope, theory, corrected), fit->values[0], fit->goodness};
  heed_correction(line.slope);
  return line;
}

Coefficient plain_number(double value, std::optional<double> theory) {
  Estimate estimate;
  estimate.value = value;
  return judge(estimate, {}, theory);
}

Coefficient plain_mean(std::span<const double> values, std::optional<double> theory) {
  double sum = 0, squares = 0, n = 0;
  for (double value : values)
    if (std::isfinite(value)) sum += value, n += 1;
  const double mean = sum / n;
  for (double value : values)
    if (std::isfinite(value)) squares += (value - mean) * (value - mean);
  return judge(estimate_of_fit(mean, std::sqrt(squares / (n - 1) / n), n - 1), {}, theory);
}

}  // namespace memscale
