#include "memscale/analysis/caveats.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "memscale/analysis/theory.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

/// Two significant digits: "7.5e-09"
std::string brief_text(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.2g", value);
  return buffer;
}

std::string name_of_series(const Family& family, double alpha) {
  return family.label + " alpha=" + to_text(alpha);
}

bool same_d(const FittedSeries& a, const FittedSeries& b) {
  return std::equal(a.cells.begin(), a.cells.end(), b.cells.begin(), b.cells.end(),
                    [](const Cell* x, const Cell* y) { return x->trial.d == y->trial.d; });
}

/// Empty where all trials took all their steps.
std::string cut_short_caveat(const FittedSeries& series) {
  std::int64_t trials = 0, cut_short = 0, fewest = series.cells.front()->trial.steps;
  for (const Cell* cell : series.cells) {
    trials += static_cast<std::int64_t>(cell->seeds.size());
    cut_short += cell->cut_short;
    fewest = std::min(fewest, cell->fewest_steps);
  }
  if (cut_short == 0) return {};
  return to_text(cut_short) + " of " + to_text(trials) + " trials ended before step " +
         to_text(series.cells.front()->trial.steps) + " (after " + to_text(fewest) +
         " or more), so theory gives no exponent";
}

}  // namespace

std::vector<std::string> series_caveats(const Family& family, const FittedSeries& series) {
  std::vector<std::string> found;
  const std::string name = name_of_series(family, series.alpha);
  const Trial& largest = series.cells.back()->trial;
  if (largest.optimizer == OptimizerKind::newton && !has_small_ridge(largest))
    found.push_back(name + ": ridge " + brief_text(largest.ridge) + " is not small against d^-alpha = " +
                    brief_text(std::pow(static_cast<double>(largest.d), -largest.alpha)) +
                    " at d=" + to_text(largest.d) + ", which lowers the slope");
  const Trial& worst = (*std::max_element(series.cells.begin(), series.cells.end(), [](const Cell* a, const Cell* b) {
                         return a->trial.lambda < b->trial.lambda;
                       }))->trial;
  if (asymptotic_law(worst) && !predicted_law(worst)) {
    const double first = first_frequency(worst);
    found.push_back(name + ": lambda " + brief_text(worst.lambda) + " at d=" + to_text(worst.d) + " is not " +
                    (worst.lambda < first ? "far " : "") + "below the gradient's largest singular value, about " +
                    brief_text(first) + ": its step is " + (worst.lambda < first ? "partly" : "nearly") + " gd's");
  }
  if (const std::string note = cut_short_caveat(series); !note.empty()) found.push_back(name + ": " + note);
  return found;
}

std::vector<std::string> law_caveats(const Family& family, const std::vector<FittedSeries>& series) {
  std::vector<std::string> found;
  std::string without;
  bool any_law = false;
  for (const FittedSeries& one : series) {
    bool predicted = true;
    for (const Cell* cell : one.cells) {
      any_law = any_law || predicted_law(cell->trial);
      predicted = predicted && predicted_exponent(cell->trial);
    }
    if (!predicted) without.append(without.empty() ? "" : ", ").append(to_text(one.alpha));
  }
  if (any_law && !without.empty())
    found.push_back(family.label + ": no theory for c1 and c2, as it gives no exponent at alpha=" + without);
  if (!std::all_of(series.begin(), series.end(), [&](const FittedSeries& one) { return same_d(one, series.front()); }))
    found.push_back(family.label + ": alphas cover different d, so c1 and c2 mix the effects of alpha and d");
  return found;
}

}  // namespace memscale
