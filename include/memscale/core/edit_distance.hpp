#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace memscale {

/// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours that make `a` into `b`.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The first of the names, of which there is one at least, that is nearest to `name`.
std::string nearest_name(std::string_view name, std::span<const std::string> names);

}  // namespace memscale
