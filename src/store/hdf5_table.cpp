#include "memscale/store/hdf5_table.hpp"

#include <algorithm>
#include <array>

namespace memscale {

namespace {

using Pair = std::array<hsize_t, 2>;  // rows, columns

template <class T>
struct Types {
  hid_t memory;
  H5T_class_t kind;
};

template <class T>
Types<T> types() {
  if constexpr (std::is_same_v<T, double>)
    return {H5T_NATIVE_DOUBLE, H5T_FLOAT};
  else
    return {H5T_NATIVE_INT32, H5T_INTEGER};
}

/// Chunks of up to 8192 numbers: 64 columns, or more where there are fewer rows.
Pair chunk_of(const Pair& extent) {
  constexpr hsize_t most = 8192, narrow = 64;
  const hsize_t columns = std::min(extent[1], std::max(narrow, most / extent[0]));
  return {std::min(extent[0], most / columns), columns};
}

/// A chunk's place in its table, cut where the table ends.
struct Tile {
  Pair start, size;
};

/// Calls f(tile) for the tiles that hold a part of any of the rows, row by row.
template <class LengthOf, class F>
void for_each_tile(const Pair& extent, LengthOf length_of, F&& f) {
  if (extent[0] == 0 || extent[1] == 0) return;
  const Pair chunk = chunk_of(extent);
  for (hsize_t row = 0; row < extent[0]; row += chunk[0]) {
    const hsize_t rows = std::min(chunk[0], extent[0] - row);
    hsize_t longest = 0;
    for (hsize_t r = row; r < row + rows; ++r) longest = std::max<hsize_t>(longest, length_of(r));
    for (hsize_t column = 0; column < longest; column += chunk[1])
      f(Tile{{row, column}, {rows, std::min(chunk[1], extent[1] - column)}});
  }
}

/// How much of a row of `length` lies in the tile.
hsize_t part_in(const Tile& tile, hsize_t length) {
  return length <= tile.start[1] ? 0 : std::min(length - tile.start[1], tile.size[1]);
}

/// Selects the tile in `space`; returns a space of its size.
Hdf5Space select(const Hdf5Space& space, const Tile& tile) {
  checked(H5Sselect_hyperslab(space, H5S_SELECT_SET, tile.start.data(), nullptr, tile.size.data(), nullptr), "select");
  return Hdf5Space(H5Screate_simple(2, tile.size.data(), nullptr), "make a shape");
}

/// Throws unless the dataset has the type, extent and chunks that formats 1 and 2 give it.
template <class T>
void require_layout(hid_t dataset, const Pair& extent, const std::string& name) {
  const Hdf5Type type(H5Dget_type(dataset), "type table " + name);
  if (H5Tget_class(type) != types<T>().kind || H5Tget_size(type) != sizeof(T))
    throw Hdf5Error("take table " + name + ", which has another type");
  const Hdf5Space space(H5Dget_space(dataset), "size table " + name);
  Pair found{};
  if (H5Sget_simple_extent_ndims(space) != 2 || H5Sget_simple_extent_dims(space, found.data(), nullptr) != 2 ||
      found != extent)
    throw Hdf5Error("take table " + name + ", which has another extent");
  if (extent[0] == 0 || extent[1] == 0) return;
  const Hdf5Properties creation(H5Dget_create_plist(dataset), "see the chunks of table " + name);
  if (H5Pget_layout(creation) != H5D_CHUNKED || H5Pget_chunk(creation, 2, found.data()) != 2 ||
      found != chunk_of(extent))
    throw Hdf5Error("take table " + name + ", which has other chunks");
}

}  // namespace

template <TableValue T>
std::vector<std::vector<T>> read_table(hid_t group, const std::string& name, const std::vector<std::size_t>& lengths) {
  Pair extent{lengths.size(), 0};
  for (std::size_t length : lengths) extent[1] = std::max<hsize_t>(extent[1], length);
  const Hdf5Dataset dataset(H5Dopen2(group, name.c_str(), H5P_DEFAULT), "open table " + name);
  require_layout<T>(dataset, extent, name);
  const auto length_of = [&](hsize_t r) { return lengths[r]; };
  for_each_tile(extent, length_of, [&](const Tile& tile) {
    hsize_t bytes = 0;
    checked(H5Dget_chunk_storage_size(dataset, tile.start.data(), &bytes), "find the chunks of table " + name);
    if (bytes == 0) throw Hdf5Error("read table " + name + ", which misses rows");
  });
  const Hdf5Space space(H5Dget_space(dataset), "size table " + name);
  std::vector<std::vector<T>> rows(lengths.size());
  for (std::size_t r = 0; r < rows.size(); ++r) rows[r].resize(lengths[r]);
  std::vector<T> values;
  for_each_tile(extent, length_of, [&](const Tile& tile) {
    values.resize(tile.size[0] * tile.size[1]);
    const Hdf5Space memory = select(space, tile);
    checked(H5Dread(dataset, types<T>().memory, memory, space, H5P_DEFAULT, values.data()), "read table " + name);
    for (hsize_t r = 0; r < tile.size[0]; ++r) {
      auto& row = rows[tile.start[0] + r];
      if (const hsize_t part = part_in(tile, row.size()); part > 0)
        std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(r * tile.size[1]), part,
                    row.begin() + static_cast<std::ptrdiff_t>(tile.start[1]));
    }
  });
  return rows;
}

template std::vector<std::vector<double>> read_table(hid_t, const std::string&, const std::vector<std::size_t>&);
template std::vector<std::vector<std::int32_t>> read_table(hid_t, const std::string&, const std::vector<std::size_t>&);

}  // namespace memscale
