#include "memscale/experiment/value_list.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr const char* too_many = "must not name more than 1000000 values";

std::int64_t parse_one(std::string_view key, std::string_view text, std::int64_t) {
  return parse_integer(key, text);
}
double parse_one(std::string_view key, std::string_view text, double) {
  return parse_double(key, text);
}

constexpr const char* range_form(std::int64_t) {
  return "a range must be first:last or first:step:last, of whole numbers of 64 bits";
}
constexpr const char* range_form(double) {
  return "a range must be first:last or first:step:last, of finite numbers";
}

/// A part of the range `element`, which is named whole if that is no number.
template <class T>
T parse_part(std::string_view key, std::string_view element, std::string_view part) {
  try {
    return parse_one(key, part, T{});
  } catch (const InputError&) {
    throw invalid(key, element, range_form(T{}));
  }
}

double rounded(double value) {
  std::array<char, 32> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::scientific, 13).ptr;
  std::from_chars(digits.data(), end, value);
  return value;
}

/// How many steps a range takes: floor((last - first) / step); at most most_values, which is already too many.
std::uint64_t steps_of_range(std::int64_t first, std::int64_t step, std::int64_t last) {
  const std::uint64_t width = static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first);
  return std::min<std::uint64_t>(width / static_cast<std::uint64_t>(step), most_values);
}
std::uint64_t steps_of_range(double first, double step, double last) {
  const double steps = (last - first) / step;
  constexpr double rounding = 1e-9;  // 0.1:0.1:0.3 divides to 1.9999999999999998
  return static_cast<std::uint64_t>(std::min(std::floor(steps + rounding), static_cast<double>(most_values)));
}

std::int64_t value_of_range(std::int64_t first, std::int64_t step, std::uint64_t i) {
  // Unsigned: i step may be beyond 64 bits where first is negative, the sum is not.
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(first) + i * static_cast<std::uint64_t>(step));
}
double value_of_range(double first, double step, std::uint64_t i) {
  return i == 0 ? first : rounded(first + static_cast<double>(i) * step);
}

bool usable_end(std::int64_t) {
  return true;
}
bool usable_end(double value) {
  return std::abs(value) <= 1e300;  // so that differences stay finite
}

template <class T>
std::vector<T> parse_range(std::string_view key, std::string_view text) {
  const auto colon = text.find(':');
  const auto second = text.find(':', colon + 1);
  const bool stepped = second != std::string_view::npos;
  const T first = parse_part<T>(key, text, text.substr(0, colon));
  const T step = stepped ? parse_part<T>(key, text, text.substr(colon + 1, second - colon - 1)) : T{1};
  const T last = parse_part<T>(key, text, text.substr((stepped ? second : colon) + 1));
  if (!usable_end(first) || !usable_end(step) || !usable_end(last))
    throw invalid(key, text, "a range must have finite ends");
  if (!stepped && (first != std::floor(first) || last != std::floor(last)))
    throw invalid(key, text, "first:last must have whole ends; write first:step:last");
  if (step <= T{0}) throw invalid(key, text, "a range must have a positive step");
  if (last < first) throw invalid(key, text, "a range must not run backwards");
  const std::uint64_t steps = steps_of_range(first, step, last);
  if (steps >= most_values) throw invalid(key, text, too_many);
  std::vector<T> values;
  for (std::uint64_t i = 0; i <= steps; ++i) values.push_back(value_of_range(first, step, i));
  return values;
}

/// `parse` reads the elements that are no ranges.
template <class T, class Parse>
std::vector<T> parse_values(std::string_view key, std::string_view text, Parse parse) {
  std::vector<T> values;
  for (std::string_view element : split_list(key, text)) {
    if (element.find(':') == std::string_view::npos) {
      values.push_back(parse(element));
    } else {
      const std::vector<T> range = parse_range<T>(key, element);
      values.insert(values.end(), range.begin(), range.end());
    }
    if (values.size() > most_values) throw invalid(key, text, too_many);
  }
  return values;
}

}  // namespace

std::vector<std::string_view> split_list(std::string_view key, std::string_view text) {
  std::vector<std::string_view> elements;
  for (std::string_view rest = text;;) {
    const auto comma = rest.find(',');
    elements.push_back(trimmed(rest.substr(0, comma)));
    if (elements.back().empty()) throw invalid(key, text, "must not be empty or hold an empty element");
    if (comma == std::string_view::npos) return elements;
    rest.remove_prefix(comma + 1);
  }
}

std::vector<std::int64_t> parse_integers(std::string_view key, std::string_view text, std::string_view expected) {
  return parse_values<std::int64_t>(key, text, [&](std::string_view element) {
    try {
      return parse_integer(key, element);
    } catch (const InputError&) {
      throw invalid(key, element, expected);
    }
  });
}

std::vector<double> parse_reals(std::string_view key, std::string_view text) {
  return parse_values<double>(key, text, [&](std::string_view element) { return parse_double(key, element); });
}

}  // namespace memscale
