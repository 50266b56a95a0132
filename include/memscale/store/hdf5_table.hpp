#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "memscale/store/hdf5_handle.hpp"

namespace memscale {

/// What a table may hold.
template <class T>
concept TableValue = std::is_same_v<T, double> || std::is_same_v<T, std::int32_t>;

/// The rows, of these `lengths`, of a table of formats 1 and 2: a two-dimensional dataset whose rows are filled up to
/// the longest one's length, in small chunks, of which those that would hold nothing else are left out. Throws
/// Hdf5Error for a table of another extent or type, or of other chunks; and where chunks are missing, before memory is
/// taken for them.
template <TableValue T>
std::vector<std::vector<T>> read_table(hid_t group, const std::string& name, const std::vector<std::size_t>& lengths);

}  // namespace memscale
