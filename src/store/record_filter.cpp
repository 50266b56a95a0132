#include "memscale/store/record_filter.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "memscale/core/edit_distance.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/value_list.hpp"

namespace memscale {

namespace {

constexpr const char* id_field = "trial_id";

/// Calls f(name, value) for trial_id and each field of Trial and Result, in order.
template <class F>
void for_each_searched(const Trial& trial, const Result& result, std::uint64_t id, F&& f) {
  f(id_field, id);
  for_each_field(trial, f);
  for_each_field(result, f);
}

std::vector<std::string> searched_names() {
  std::vector<std::string> names;
  for_each_searched({}, {}, 0, [&](const char* name, const auto&) { names.push_back(name); });
  return names;
}

/// 100000 for "100000" and for "1e5".
std::int64_t whole_number(std::string_view key, std::string_view text) {
  constexpr double limit = 0x1p63;
  if (text.find_first_of(".eE") == std::string_view::npos) return parse_integer(key, text);
  const double value = parse_double(key, text, "must be a whole number");
  if (value != std::floor(value) || !(std::fabs(value) < limit)) throw invalid(key, text, "must be a whole number");
  return static_cast<std::int64_t>(value);
}

template <class T>
bool is_among(const std::vector<T>& values, T value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

FieldCondition::FieldCondition(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) throw invalid("where", text, "must be FIELD=VALUE[,VALUE...]");
  field_ = trimmed(text.substr(0, equals));
  const std::vector<std::string> names = searched_names();
  place_ = static_cast<std::size_t>(std::find(names.begin(), names.end(), field_) - names.begin());
  if (place_ == names.size())
    throw InputError("unknown field " + printable(field_) + " (did you mean " + nearest_name(field_, names) + "?)");
  std::size_t place = 0;
  for_each_searched({}, {}, 0, [&](const char*, const auto& value) {
    if (place++ == place_) read_values<std::remove_cvref_t<decltype(value)>>(text.substr(equals + 1));
  });
}

template <class T>
void FieldCondition::read_values(std::string_view text) {
  for (const std::string_view value : split_list(field_, text)) {
    if constexpr (std::is_same_v<T, std::uint64_t>)
      ids_.push_back(parse_hex(field_, value));
    else if constexpr (NamedEnum<T>)
      integers_.push_back(static_cast<std::int64_t>(parse_enum<T>(field_, value)));
    else if constexpr (std::is_same_v<T, std::int64_t>)
      integers_.push_back(whole_number(field_, value));
    else
      reals_.push_back(parse_double(field_, value));
  }
}

template <class T>
bool FieldCondition::accepts(const T& value) const {
  if constexpr (std::is_same_v<T, std::uint64_t>)
    return is_among(ids_, value);
  else if constexpr (std::is_same_v<T, double>)
    return is_among(reals_, value) ||
           (std::isnan(value) && std::any_of(reals_.begin(), reals_.end(), [](double x) { return std::isnan(x); }));
  else
    return is_among(integers_, static_cast<std::int64_t>(value));
}

bool FieldCondition::holds(const Record& record) const {
  bool held = false;
  std::size_t place = 0;
  const std::uint64_t id = place_ == 0 ? trial_id(record.trial) : 0;
  for_each_searched(record.trial, record.result, id, [&](const char*, const auto& value) {
    if (place++ == place_) held = accepts(value);
  });
  return held;
}

bool RecordFilter::matches(const Record& record) const {
  return (statuses.empty() || is_among(statuses, record.result.status)) &&
         std::all_of(conditions.begin(), conditions.end(),
                     [&](const FieldCondition& condition) { return condition.holds(record); });
}

}  // namespace memscale
