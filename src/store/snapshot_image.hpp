#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "memscale/store/catalog.hpp"
#include "memscale/store/chunk_coder.hpp"
#include "memscale/store/hdf5_handle.hpp"

namespace memscale {

/// An HDF5 file in memory whose chunks memscale compresses and places itself, so that it knows where they are. Throws
/// Hdf5Error.
class SnapshotImage {
 public:
  /// For a file of about so many bytes.
  explicit SnapshotImage(std::size_t expected_size);

  hid_t root() const { return file_; }
  ChunkEncoder& encoder() { return encoder_; }

  /// Writes an encoded chunk at `offset` (rows, columns) of a dataset of this file; returns its address.
  std::uint64_t place(hid_t dataset, const hsize_t* offset, std::span<const std::byte> chunk);

  /// The whole file. Valid until it is changed again.
  std::span<const std::byte> bytes();

 private:
  bool holds(std::uint64_t address, std::span<const std::byte> chunk) const;

  Hdf5File file_;
  ChunkEncoder encoder_;
  std::byte* const* memory_;  ///< HDF5 moves the file when it grows
};

/// A chunked dataset in an image, written chunk by chunk.
class ImageDataset {
 public:
  /// Makes the dataset table.name, whose chunks are empty yet: one-dimensional if `fill` is nullptr, else a table
  /// with that value where no chunk is. The group must be there; the image must outlive this.
  ImageDataset(SnapshotImage& image, CatalogTable table, const void* fill = nullptr);

  const ChunkGrid& grid() const { return table_.grid; }
  std::size_t chunk_bytes() const { return table_.chunk_bytes(); }
  std::size_t value_size() const { return table_.value_size; }
  const std::string& name() const { return table_.name; }
  hid_t id() const { return dataset_; }

  /// Writes chunk `index`, later than those before it: chunk_bytes() of values.
  void write(std::uint64_t index, std::span<const std::byte> values);
  void write_encoded(std::uint64_t index, std::span<const std::byte> chunk);
  /// One-dimensional: writes rows from `first`, which begins a chunk, to the end of a chunk or of the dataset.
  void write_rows(std::uint64_t first, std::span<const std::byte> values);

  /// What was written, for the catalog.
  CatalogTable table() && { return std::move(table_); }

 private:
  SnapshotImage* image_;
  CatalogTable table_;
  Hdf5Dataset dataset_;
  std::vector<std::byte> padded_;
};

}  // namespace memscale
