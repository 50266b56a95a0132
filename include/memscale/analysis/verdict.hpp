#pragma once

#include <array>
#include <limits>
#include <optional>
#include <string_view>

#include "memscale/analysis/estimate.hpp"
#include "memscale/core/enum_names.hpp"

namespace memscale {

/// How an estimate stands to theory: see judge.
enum class Verdict { none, consistent, finite_size, not_consistent };

template <>
struct EnumNames<Verdict> {
  static constexpr std::array<std::string_view, 4> names{"", "consistent", "finite-size", "not consistent"};
};

/// The rule, as tables and reports state it.
inline constexpr std::string_view verdict_rule =
    "consistent: theory lies in the 95 % interval over seeds. finite-size: it does not, but a fit with a logarithmic "
    "correction leads, at infinite d, significantly away from the estimate (its interval leaves it out) and to theory "
    "or past it; of c1 and c2: exponents are finite-size, the others consistent. not consistent: neither.";

/// A fitted number beside what theory says of it.
struct Coefficient : Estimate {
  Estimate by_fit;  ///< the same value with the interval of the fit's own covariance
  std::optional<double> theory;
  std::optional<Estimate> corrected;  ///< the value for infinite d, by a fit with a logarithmic correction
  Verdict verdict = Verdict::none;    ///< none without a theory or an interval
  double difference = std::numeric_limits<double>::quiet_NaN();  ///< (value - theory) / standard error over seeds
};

/// Compares with theory, by verdict_rule. Theory leaves logarithms out, so slopes at the d that one can run drift; past
/// theory, as the correction's own form is a guess and its extrapolation is long.
Coefficient judge(const Estimate& by_seeds, const Estimate& by_fit, std::optional<double> theory,
                  std::optional<Estimate> corrected = std::nullopt);

}  // namespace memscale
