#include "memscale/experiment/axis.hpp"

#include <limits>
#include <optional>

#include "memscale/core/text.hpp"

namespace memscale {

namespace {

struct Eta {
  double factor;
  EtaScale scale;
};

/// "sqrt(d)" or "x*sqrt(d)"; nothing for another text.
std::optional<Eta> multiple_of_sqrt_d(std::string_view key, std::string_view text) {
  constexpr std::string_view root = "sqrt(d)";
  if (!text.ends_with(root)) return std::nullopt;
  std::string_view factor = trimmed(text.substr(0, text.size() - root.size()));
  if (factor.empty()) return Eta{1, EtaScale::sqrt_d};
  if (!factor.ends_with('*')) throw invalid(key, text, "must be a number, sqrt(d) or a multiple like 2*sqrt(d)");
  factor.remove_suffix(1);
  return Eta{parse_double(key, factor), EtaScale::sqrt_d};
}

}  // namespace

Axis eta_axis(std::string_view key, std::string_view text) {
  std::vector<Eta> etas;
  for (std::string_view element : split_list(key, text)) {
    if (const auto multiple = multiple_of_sqrt_d(key, element))
      etas.push_back(*multiple);
    else
      for (double value : parse_reals(key, element)) etas.push_back({value, EtaScale::absolute});
    if (etas.size() > most_values) throw invalid(key, text, "must not name more than 1000000 values");
  }
  return make_axis(std::move(etas), [](Trial& t, const Eta& eta) {
    t.eta = eta.factor;
    t.eta_scale = eta.scale;
  });
}

Axis lambda_axis(std::string_view key, std::string_view text) {
  std::vector<double> lambdas;
  for (std::string_view element : split_list(key, text)) {
    if (element == "auto") {
      lambdas.push_back(std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    for (double value : parse_reals(key, element)) {
      if (!(value > 0)) throw invalid(key, element, "must be auto or positive");
      lambdas.push_back(value);
    }
    if (lambdas.size() > most_values) throw invalid(key, text, "must not name more than 1000000 values");
  }
  return make_axis(std::move(lambdas), [](Trial& t, double value) { t.lambda = value; });
}

}  // namespace memscale
