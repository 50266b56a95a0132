#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "memscale/core/enum_names.hpp"
#include "memscale/experiment/trial.hpp"
#include "memscale/experiment/value_list.hpp"

namespace memscale {

/// The values that one key of a job gives to trials.
struct Axis {
  std::size_t size = 0;
  std::function<void(Trial&, std::size_t)> set;  ///< gives the trial value i, i < size
};

/// An axis over `values`, of which set(trial, value) gives one to a trial.
template <class T, class Set>
Axis make_axis(std::vector<T> values, Set set) {
  const std::size_t size = values.size();
  return {size, [values = std::move(values), set](Trial& trial, std::size_t i) { set(trial, values[i]); }};
}

/// Axes from the text of a key: whole numbers, real numbers, names of an enum. Throw InputError naming `key`.
template <std::int64_t Trial::*field>
Axis integer_axis(std::string_view key, std::string_view text) {
  return make_axis(parse_integers(key, text), [](Trial& t, std::int64_t value) { t.*field = value; });
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

/// Learning rates: numbers, and multiples of sqrt(d) written "sqrt(d)" or "2*sqrt(d)".
Axis eta_axis(std::string_view key, std::string_view text);

/// Numbers, and "auto" for the paper's choice (NaN until canonical() resolves it).
Axis lambda_axis(std::string_view key, std::string_view text);

}  // namespace memscale
