#include "memscale/experiment/axis.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <span>

#include "memscale/core/text.hpp"

namespace memscale {

namespace {

struct Eta {
  double factor;
  EtaScale scale;
};

/// What a learning rate, and its growth, may be multiples of.
constexpr std::array eta_units{EtaScale::sqrt_d, EtaScale::log_d_over_steps};
constexpr std::array growth_units{EtaScale::sqrt_d};

/// "must be a number, sqrt(d) or a multiple such as 2*sqrt(d)"
std::string form_of(std::span<const EtaScale> units) {
  std::string form = "must be a number";
  for (EtaScale unit : units) form.append(", ").append(unit_text(unit));
  return form + " or a multiple such as 2*sqrt(d)";
}

/// "sqrt(d)" or "x*sqrt(d)", of this unit; nothing for another text.
std::optional<Eta> multiple_of(EtaScale unit, std::string_view key, std::string_view text, const std::string& form) {
  const std::string_view name = unit_text(unit);
  if (!text.ends_with(name)) return std::nullopt;
  std::string_view factor = trimmed(text.substr(0, text.size() - name.size()));
  if (factor.empty()) return Eta{1, unit};
  if (!factor.ends_with('*')) throw invalid(key, text, form);
  factor.remove_suffix(1);
  try {
    return Eta{parse_double(key, factor), unit};
  } catch (const InputError&) {
    throw invalid(key, text, form);  // names the whole element
  }
}

/// An element's learning rates: one multiple of a unit, or numbers.
std::vector<Eta> etas_of(std::span<const EtaScale> units, std::string_view key, std::string_view element) {
  const std::string form = form_of(units);
  for (EtaScale unit : units)
    if (const auto multiple = multiple_of(unit, key, element, form)) return {*multiple};
  std::vector<Eta> etas;
  if (element.find(':') == std::string_view::npos) return {{parse_double(key, element, form), EtaScale::absolute}};
  for (double value : parse_reals(key, element)) etas.push_back({value, EtaScale::absolute});
  return etas;
}

constexpr std::string_view each_item = "each";  ///< every item its own group

/// An axis over `values`, all of which are in range.
template <auto field, class T, class InRange>
Axis checked_axis(std::string_view key, std::vector<T> values, InRange in_range, std::string_view why) {
  for (T value : values)
    if (!in_range(value)) throw invalid(key, to_text(value), why);
  return make_axis(std::move(values), [](Trial& t, T value) { t.*field = value; });
}

/// An axis of multiples from low to high that sets the two fields.
template <double Trial::*factor, EtaScale Trial::*scale>
Axis multiples_axis(std::string_view key, std::string_view text, std::span<const EtaScale> units, double low,
                    double high) {
  std::vector<Eta> etas;
  for (std::string_view element : split_list(key, text)) {
    for (const Eta& eta : etas_of(units, key, element)) etas.push_back(eta);
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
      [](const Eta& eta) { return eta_text(eta.factor, eta.scale); });
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
Axis open_unit_axis(std::string_view key, std::string_view text) {
  return checked_axis<field>(
      key, parse_reals(key, text), [](double value) { return value > 0 && value < 1; },
      "must be between 0 and 1, both excluded");
}

template <auto field>
Axis average_axis(std::string_view key, std::string_view text) {
  return checked_axis<field>(
      key, parse_reals(key, text), [](double value) { return value >= 0 && value < 1; }, "must be from 0 to below 1");
}

}  // namespace

Axis eta_axis(std::string_view key, std::string_view text) {
  return multiples_axis<&Trial::eta, &Trial::eta_scale>(key, text, eta_units, 1e-100, 1e100);
}

Axis eta_growth_axis(std::string_view key, std::string_view text) {
  return multiples_axis<&Trial::eta_growth, &Trial::eta_growth_scale>(key, text, growth_units, 1e-3, 1e3);
}

Axis groups_axis(std::string_view key, std::string_view text) {
  constexpr std::int64_t most = 100'000'000;
  constexpr std::string_view expected = "must be each or a whole number between 1 and 100000000";
  std::vector<std::int64_t> values;
  for (std::string_view element : split_list(key, text)) {
    if (element == each_item) {
      values.push_back(0);
      continue;
    }
    for (std::int64_t value : parse_integers(key, element, std::string(expected))) {
      if (value < 1 || value > most) throw invalid(key, element, expected);
      values.push_back(value);
    }
    if (values.size() > most_values) throw invalid(key, text, "must not name more than 1000000 values");
  }
  return make_axis(
      std::move(values), [](Trial& t, std::int64_t value) { t.groups = value; },
      [](std::int64_t value) { return value == 0 ? std::string(each_item) : to_text(value); });
}

Axis head_mass_axis(std::string_view key, std::string_view text) {
  return open_unit_axis<&Trial::head_mass>(key, text);
}

Axis head_share_axis(std::string_view key, std::string_view text) {
  return open_unit_axis<&Trial::head_share>(key, text);
}

Axis label_noise_axis(std::string_view key, std::string_view text) {
  return average_axis<&Trial::label_noise>(key, text);
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
  return open_unit_axis<&Trial::ns_lower>(key, text);
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
