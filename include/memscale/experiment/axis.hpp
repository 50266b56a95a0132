#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "memscale/core/enum_names.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/trial.hpp"
#include "memscale/experiment/value_list.hpp"

namespace memscale {

/// The values that one key of a job gives to trials.
struct Axis {
  std::size_t size = 0;
  std::function<void(Trial&, std::size_t)> set;  ///< gives the trial value i, i < size
  std::function<std::string(std::size_t)> text;  ///< of value i: equal for values that were written otherwise
};

/// The text of a value as a job file may have it.
template <class T>
std::string value_text(const T& value) {
  if constexpr (NamedEnum<T>)
    return std::string(name_of(value));
  else
    return to_text(value == 0 ? T{0} : value);  // -0 and 0 are one value
}

/// An axis over `values`, of which set(trial, value) gives one to a trial and text(value) is the text.
template <class T, class Set, class Text = std::string (*)(const T&)>
Axis make_axis(std::vector<T> values, Set set, Text text = value_text<T>) {
  const auto shared = std::make_shared<const std::vector<T>>(std::move(values));
  return {shared->size(), [shared, set](Trial& trial, std::size_t i) { set(trial, (*shared)[i]); },
          [shared, text](std::size_t i) { return text((*shared)[i]); }};
}

/// Axes from the text of a key: whole numbers, real numbers, names of an enum. Throw InputError naming `key`; `low` and
/// `high` tell the user what canonical() will accept, which checks the values.
template <std::int64_t Trial::*field, std::int64_t low, std::int64_t high>
Axis integer_axis(std::string_view key, std::string_view text) {
  const std::string expected = low == high ? "must be " + to_text(low)
                                           : "must be a whole number between " + to_text(low) + " and " + to_text(high);
  return make_axis(parse_integers(key, text, expected), [](Trial& t, std::int64_t value) { t.*field = value; });
}

template <double Trial::*field>
Axis real_axis(std::string_view key, std::string_view text) {
  return make_axis(parse_reals(key, text), [](Trial& t, double value) { t.*field = value; });
}

template <auto field>
Axis enum_axis(std::string_view key, std::string_view text) {
  using E = std::remove_reference_t<decltype(std::declval<Trial&>().*field)>;
  std::vector<E> values;
  for (std::string_view name : split_list(key, text)) values.push_back(parse_enum<E>(key, name));
  return make_axis(std::move(values), [](Trial& t, E value) { t.*field = value; });
}

/// An enum whose `none` is for trials to which it does not apply: a job cannot ask for it.
template <auto field>
Axis given_enum_axis(std::string_view key, std::string_view text) {
  using E = std::remove_reference_t<decltype(std::declval<Trial&>().*field)>;
  std::string names;
  for (std::string_view name : EnumNames<E>::names)
    if (name != "none") names.append(names.empty() ? "" : ", ").append(name);
  for (std::string_view name : split_list(key, text))
    if (name == "none" || !find_enum<E>(name)) throw invalid(key, name, "must be one of " + names);
  return enum_axis<field>(key, text);
}

/// Learning rates and their growth: numbers, and multiples of sqrt(d) written "sqrt(d)" or "2*sqrt(d)"; learning rates
/// also multiples of log(d)/steps.
Axis eta_axis(std::string_view key, std::string_view text);
Axis eta_growth_axis(std::string_view key, std::string_view text);

/// Whole numbers, and "each" for as many groups as items (0 until canonical() resolves it).
Axis groups_axis(std::string_view key, std::string_view text);

/// An orthogonal memory's numbers.
Axis head_mass_axis(std::string_view key, std::string_view text);
Axis head_share_axis(std::string_view key, std::string_view text);
Axis label_noise_axis(std::string_view key, std::string_view text);

Axis stop_window_axis(std::string_view key, std::string_view text);

/// Muon's and newton's own numbers, checked here as canonical() checks them only for trials that use them.
Axis ns_steps_axis(std::string_view key, std::string_view text);
Axis ns_lower_axis(std::string_view key, std::string_view text);
Axis ridge_axis(std::string_view key, std::string_view text);

/// Numbers, and "auto" for the paper's choice or a rule's own (NaN until canonical() resolves it).
Axis lambda_axis(std::string_view key, std::string_view text);
Axis threshold_value_axis(std::string_view key, std::string_view text);

/// Muon's and adam's averages: from 0 to below 1; adam's epsilon.
Axis momentum_axis(std::string_view key, std::string_view text);
Axis beta1_axis(std::string_view key, std::string_view text);
Axis beta2_axis(std::string_view key, std::string_view text);
Axis epsilon_axis(std::string_view key, std::string_view text);

}  // namespace memscale
