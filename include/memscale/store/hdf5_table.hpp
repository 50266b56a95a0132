#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "memscale/store/hdf5_handle.hpp"

namespace memscale {

/// What a table may hold.
template <class T>
concept TableValue = std::is_same_v<T, double> || std::is_same_v<T, std::int32_t>;

/// Two-dimensional dataset `name` of `rows`, each filled up with `fill` to the longest one's length; attribute `dims`
/// says what rows and columns are ("trial,step"). Chunks are small and compressed, and those that would hold nothing
/// but `fill` are left out, so that a few long rows cost no more than themselves. Throws Hdf5Error.
template <TableValue T>
void write_table(hid_t group, const std::string& name, const std::vector<std::span<const T>>& rows, T fill,
                 const std::string& dims);

/// The rows of a table that write_table made from rows of these `lengths`. Throws Hdf5Error for a table of another
/// extent or type, or of other chunks; and where chunks are missing, before memory is taken for them.
template <TableValue T>
std::vector<std::vector<T>> read_table(hid_t group, const std::string& name, const std::vector<std::size_t>& lengths);

}  // namespace memscale
