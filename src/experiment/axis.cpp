#include "memscale/experiment/axis.hpp"

#include <cmath>
#include <limits>
#include <optional>

#include "memscale/core/text.hpp"

namespace memscale {

namespace {

struct Eta {
  double factor;
  EtaScale scale;
};

constexpr std::string_view eta_form = "must be a number, sqrt(d) or a multiple such as 2*sqrt(d)";

/// "sqrt(d)" or "x*sqrt(d)"; nothing for another text.
std::optional<Eta> multiple_of_sqrt_d(std::string_view key, std::string_view text) {
  constexpr std::string_view root = "sqrt(d)";
  if (!text.ends_with(root)) return std::nullopt;
  std::string_view factor = trimmed(text.substr(0, text.size() - root.size()));
  if (factor.empty()) return Eta{1, EtaScale::sqrt_d};
  if (!factor.ends_with('*')) throw invalid(key, text, eta_form);
  factor.remove_suffix(1);
  try {
    return Eta{parse_double(key, factor), EtaScale::sqrt_d};
  } catch (const InputError&) {
    throw invalid(key, text, eta_form);  // names the whole element
  }
}

/// The numbers of an element without sqrt(d).
std::vector<double> plain_etas(std::string_view key, std::string_view element) {
  if (element.find(':') != std::string_view::npos) return parse_reals(key, element);
  return {parse_double(key, element, eta_form)};
}

/// An axis over `values`, all of which are in range.
template <auto field, class T, class InRange>
Axis checked_axis(std::string_view key, std::vector<T> values, InRange in_range, std::string_view why) {
  for (T value : values)
    if (!in_range(value)) throw invalid(key, to_text(value), why);
  return make_axis(std::move(values), [](Trial& t, T value) { t.*field = value; });
}

/// "2", "sqrt(d)", "2*sqrt(d)"
std::string eta_text(const Eta& eta) {
  if (eta.scale == EtaScale::absolute) return to_text(eta.factor);
  return eta.factor == 1 ? "sqrt(d)" : to_text(eta.factor) + "*sqrt(d)";
}

/// An axis of multiples from low to high that sets the two fields.
template <double Trial::*factor, EtaScale Trial::*scale>
Axis multiples_axis(std::string_view key, std::string_view text, double low, double high) {
  std::vector<Eta> etas;
  for (std::string_view element : split_list(key, text)) {
    if (const auto multiple = multiple_of_sqrt_d(key, element))
      etas.push_back(*multiple);
    else
      for (double value : plain_etas(key, element)) etas.push_back({value, EtaScale::absolute});
    if (etas.size() > most_values) throw invalid(key, text, "must not name more than 1000000 values");
    for (const Eta& eta : etas)
      if (!(eta.factor >= low && eta.factor <= high))
        throw invalid(key, element, "must be between " + to_text(low) + " and " + to_text(high));
  }
  return make_axis(
      std::move(etas),
      [](Trial& t, const Eta& eta) {
        t.*factor = eta.factor;
        t.*scale = eta.scale;
      },
      eta_text);
}

/// An axis of numbers and "auto", which is NaN.
template <auto field, class InRange>
Axis axis_with_auto(std::string_view key, std::string_view text, InRange in_range, std::string_view why) {
  std::vector<double> values;
  for (std::string_view element : split_list(key, text)) {
    if (element == "auto") {
      values.push_back(std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    for (double value : parse_reals(key, element)) {
      if (!in_range(value)) throw invalid(key, element, why);
      values.push_back(value);
    }
    if (values.size() > most_values) throw invalid(key, text, "must not name more than 1000000 values");
  }
  return make_axis(
      std::move(values), [](Trial& t, double value) { t.*field = value; },
      [](double value) { return std::isnan(value) ? "auto" : to_text(value); });
}

template <auto field>
Axis average_axis(std::string_view key, std::string_view text) {
  return checked_axis<field>(
      key, parse_reals(key, text), [](double value) { return value >= 0 && value < 1; }, "must be from 0 to below 1");
}

}  // namespace

Axis eta_axis(std::string_view key, std::string_view text) {
  return multiples_axis<&Trial::eta, &Trial::eta_scale>(key, text, 1e-100, 1e100);
}

Axis eta_growth_axis(std::string_view key, std::string_view text) {
  return multiples_axis<&Trial::eta_growth, &Trial::eta_growth_scale>(key, text, 1e-3, 1e3);
}

Axis ns_steps_axis(std::string_view key, std::string_view text) {
  return checked_axis<&Trial::ns_steps>(
      key, parse_integers(key, text, "must be a whole number between 1 and 1000"),
      [](std::int64_t steps) { return steps >= 1 && steps <= 1000; }, "must be between 1 and 1000");
}

Axis stop_window_axis(std::string_view key, std::string_view text) {
  return checked_axis<&Trial::stop_window>(
      key, parse_integers(key, text, "must be a whole number between 1 and 1000000"),
      [](std::int64_t steps) { return steps >= 1 && steps <= 1'000'000; }, "must be between 1 and 1000000");
}

Axis ns_lower_axis(std::string_view key, std::string_view text) {
  return checked_axis<&Trial::ns_lower>(
      key, parse_reals(key, text), [](double lower) { return lower > 0 && lower < 1; },
      "must be between 0 and 1, both excluded");
}

Axis ridge_axis(std::string_view key, std::string_view text) {
  return checked_axis<&Trial::ridge>(
      key, parse_reals(key, text), [](double ridge) { return std::isfinite(ridge) && ridge >= 0; },
      "must not be negative");
}

Axis lambda_axis(std::string_view key, std::string_view text) {
  return axis_with_auto<&Trial::lambda>(
      key, text, [](double value) { return value > 0; }, "must be auto or positive");
}

Axis threshold_value_axis(std::string_view key, std::string_view text) {
  return axis_with_auto<&Trial::threshold_value>(
      key, text, [](double value) { return value >= 0 && value <= 1e100; }, "must be auto or between 0 and 1e100");
}

Axis momentum_axis(std::string_view key, std::string_view text) {
  return average_axis<&Trial::momentum>(key, text);
}

Axis beta1_axis(std::string_view key, std::string_view text) {
  return average_axis<&Trial::beta1>(key, text);
}

Axis beta2_axis(std::string_view key, std::string_view text) {
  return average_axis<&Trial::beta2>(key, text);
}

Axis epsilon_axis(std::string_view key, std::string_view text) {
  return checked_axis<&Trial::epsilon>(
      key, parse_reals(key, text), [](double value) { return value >= 1e-100 && value <= 1e100; },
      "must be between 1e-100 and 1e100");
}

}  // namespace memscale
