#include "memscale/store/result_difference.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "memscale/core/text.hpp"
#include "memscale/experiment/trace_length.hpp"
#include "same_bits.hpp"

namespace memscale {

namespace {

template <class T>
std::string value_text(const std::optional<T>& value) {
  if (!value) return "none";
  if constexpr (NamedEnum<T>)
    return std::string(name_of(*value));
  else
    return to_text(*value);
}

/// Counts are whole numbers also where they are kept as real ones.
template <class T>
bool may_be_rounding(const std::optional<T>& a, const std::optional<T>& b) {
  if constexpr (std::is_same_v<T, double>)
    return a && b && std::isfinite(*a) && std::isfinite(*b) && (*a != std::floor(*a) || *b != std::floor(*b));
  else
    return false;
}

class Comparison {
 public:
  template <class T>
  void add(const std::string& name, const std::optional<T>& stored, const std::optional<T>& now) {
    if (stored && now && same_bits(*stored, *now)) return;
    found_.push_back({name, value_text(stored), value_text(now), may_be_rounding(stored, now)});
  }

  template <class T>
  void add_all(const std::string& name, const std::vector<T>& stored, const std::vector<T>& now) {
    const auto at = [](const std::vector<T>& values, std::size_t i) {
      return i < values.size() ? std::optional<T>(values[i]) : std::nullopt;
    };
    for (std::size_t i = 0; i < std::max(stored.size(), now.size()); ++i)
      if (at(stored, i) || at(now, i)) add(name + " " + to_text(std::uint64_t{i + 1}), at(stored, i), at(now, i));
  }

  std::vector<FieldDifference> found() && { return std::move(found_); }

 private:
  std::vector<FieldDifference> found_;
};

}  // namespace

std::vector<FieldDifference> differences(const Record& stored, const Record& now) {
  Comparison comparison;
  for_each_pair(stored.result, now.result, [&](const char* name, const auto& a, const auto& b) {
    comparison.add(name, std::optional(a), std::optional(b));
  });
  for_each_pair(stored.trace, now.trace, [&](const char* name, const auto& a, const auto& b) {
    comparison.add_all(std::string("trace ") + name + (is_by_step(name) ? " of step" : " of entry"), a, b);
  });
  comparison.add_all("recall of bin", stored.recall, now.recall);
  return std::move(comparison).found();
}

}  // namespace memscale
