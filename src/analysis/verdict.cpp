#include "memscale/analysis/verdict.hpp"

#include <cmath>

namespace memscale {

namespace {

/// Rounding of a fit without any noise is no difference.
bool covers(const Estimate& e, double value) {
  const double rounding = 1e-9 * std::abs(value) + 1e-12;
  return e.has_interval() && e.low - rounding <= value && value <= e.high + rounding;
}

/// Whether `corrected` differs from `value` and lies so that theory is between them or in its interval.
bool drifts_to(double theory, double value, const Estimate& corrected) {
  if (!corrected.has_interval()) return false;
  if (corrected.high < value) return theory < value && corrected.low <= theory;
  if (corrected.low > value) return theory > value && corrected.high >= theory;
  return false;
}

}  // namespace

Coefficient judge(const Estimate& by_seeds, const Estimate& by_fit, std::optional<double> theory,
                  std::optional<Estimate> corrected) {
  Coefficient c{by_seeds, by_fit, theory, corrected};
  if (!theory || !by_seeds.has_interval()) return c;
  c.difference = (by_seeds.value - *theory) / by_seeds.standard_error;
  if (covers(by_seeds, *theory))
    c.verdict = Verdict::consistent;
  else
    c.verdict =
        corrected && drifts_to(*theory, by_seeds.value, *corrected) ? Verdict::finite_size : Verdict::not_consistent;
  return c;
}

}  // namespace memscale
