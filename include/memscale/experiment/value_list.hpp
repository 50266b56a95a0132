#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace memscale {

/// The most values that one key may take.
inline constexpr std::size_t most_values = 1'000'000;

/// The elements of "a, b, c", trimmed. Throws InputError naming `key` where one is empty.
std::vector<std::string_view> split_list(std::string_view key, std::string_view text);

/// The whole numbers of a list like "1, 2, 8:16, 32:32:128"; a range holds both its ends. Throws InputError naming
/// `key` and the element: not a whole number (`expected` says what it must be), a range that runs backwards or has no
/// positive step, more than most_values values.
std::vector<std::int64_t> parse_integers(std::string_view key, std::string_view text,
                                         std::string_view expected = "must be a whole number of 64 bits");

/// The real numbers of a list like "inf, 2, 1.25:0.25:3". "first:last" has whole ends and step 1. Value i of a range is
/// first + i step rounded to 14 digits, so that 0.1:0.1:0.3 holds the same 0.3 as a list. Throws as parse_integers.
std::vector<double> parse_reals(std::string_view key, std::string_view text);

}  // namespace memscale
