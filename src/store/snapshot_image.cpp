#include "snapshot_image.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "hdf5_type.hpp"
#include "memscale/store/hdf5_image.hpp"

namespace memscale {

namespace {

using Pair = std::array<hsize_t, 2>;  // rows, columns

/// Where HDF5's file ends; not all before that may stand in memory yet.
std::uint64_t end_of(hid_t file) {
  return static_cast<std::uint64_t>(checked(H5Fget_file_image(file, nullptr, 0), "find the end of the file"));
}

/// Little steps cost time, large ones memory.
std::size_t growth_for(std::size_t expected_size) {
  return std::clamp(expected_size / 16, std::size_t{1} << 20, std::size_t{1} << 26);
}

Hdf5Type type_of(const CatalogTable& table) {
  switch (table.kind) {
    case ValueKind::real:
      return Hdf5Type(H5Tcopy(H5T_IEEE_F64LE), "make a type");
    case ValueKind::integer:
      return Hdf5Type(H5Tcopy(H5T_STD_I64LE), "make a type");
    case ValueKind::code:
      return Hdf5Type(H5Tcopy(H5T_STD_I32LE), "make a type");
    case ValueKind::text:
      break;
  }
  // Octave reads no group that has other text in it.
  return text_type(table.value_size, table.name == "failures/message" ? H5T_CSET_UTF8 : H5T_CSET_ASCII);
}

Hdf5Dataset make_dataset(hid_t root, const CatalogTable& table, const void* fill) {
  constexpr unsigned fastest = 1;
  const int rank = fill ? 2 : 1;
  const Pair extent{table.grid.rows, table.grid.columns}, chunk{table.grid.chunk_rows, table.grid.chunk_columns};
  const Hdf5Type type = type_of(table);
  const Hdf5Properties creation(H5Pcreate(H5P_DATASET_CREATE), "make properties");
  checked(H5Pset_obj_track_times(creation, false), "leave out times");
  if (fill) checked(H5Pset_fill_value(creation, type, fill), "set the fill value");
  if (extent[0] > 0 && extent[1] > 0) {
    checked(H5Pset_chunk(creation, rank, chunk.data()), "set chunks");
    checked(H5Pset_shuffle(creation), "shuffle bytes");
    checked(H5Pset_deflate(creation, fastest), "compress");
  }
  const Hdf5Space space(H5Screate_simple(rank, extent.data(), nullptr), "size dataset " + table.name);
  return Hdf5Dataset(H5Dcreate2(root, table.name.c_str(), type, space, H5P_DEFAULT, creation, H5P_DEFAULT),
                     "make dataset " + table.name);
}

}  // namespace

SnapshotImage::SnapshotImage(std::size_t expected_size)
    : file_(create_image(growth_for(expected_size))), memory_(image_memory(file_)) {}

bool SnapshotImage::holds(std::uint64_t address, std::span<const std::byte> chunk) const {
  return std::memcmp(*memory_ + address, chunk.data(), chunk.size()) == 0;
}

std::uint64_t SnapshotImage::place(hid_t dataset, const hsize_t* offset, std::span<const std::byte> chunk) {
  const std::uint64_t before = end_of(file_);
  checked(H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, offset, chunk.size(), chunk.data()), "write a chunk");
  const std::uint64_t after = end_of(file_);
  hsize_t allocated = 0;
  checked(H5Fget_filesize(file_, &allocated), "find the size of the file");  // or, where that is less, its end
  // A chunk is put at the file's end, before or behind what HDF5 adds to its index. To ask for its address takes a
  // search through all chunks of the dataset, so only where it is not there, or all memory up to the end is not.
  if (after >= before + chunk.size() && allocated > after) {
    if (holds(before, chunk)) return before;
    if (holds(after - chunk.size(), chunk)) return after - chunk.size();
  }
  unsigned mask = 0;
  haddr_t address = HADDR_UNDEF;
  hsize_t size = 0;
  checked(H5Dget_chunk_info_by_coord(dataset, offset, &mask, &address, &size), "find a chunk");
  if (address == HADDR_UNDEF || size != chunk.size() || mask != 0 || !holds(address, chunk))
    throw Hdf5Error("find a chunk that it wrote");
  return address;
}

std::span<const std::byte> SnapshotImage::bytes() {
  return flushed_image(file_);
}

ImageDataset::ImageDataset(SnapshotImage& image, CatalogTable table, const void* fill)
    : image_(&image), table_(std::move(table)), dataset_(make_dataset(image.root(), table_, fill)) {}

void ImageDataset::write(std::uint64_t index, std::span<const std::byte> values) {
  write_encoded(index, image_->encoder().encode(values, table_.value_size));
}

void ImageDataset::write_encoded(std::uint64_t index, std::span<const std::byte> chunk) {
  const ChunkGrid& grid = table_.grid;
  const Pair offset{index / grid.across() * grid.chunk_rows, index % grid.across() * grid.chunk_columns};
  table_.chunks.push_back(
      {index, image_->place(dataset_, offset.data(), chunk), static_cast<std::uint32_t>(chunk.size())});
}

void ImageDataset::write_rows(std::uint64_t first, std::span<const std::byte> values) {
  for (std::uint64_t index = first / table_.grid.chunk_rows; !values.empty(); ++index) {
    auto chunk = values.first(std::min(values.size(), chunk_bytes()));
    values = values.subspan(chunk.size());
    if (chunk.size() < chunk_bytes()) {
      padded_.assign(chunk_bytes(), std::byte{0});
      std::copy(chunk.begin(), chunk.end(), padded_.begin());
      chunk = padded_;
    }
    write(index, chunk);
  }
}

}  // namespace memscale
