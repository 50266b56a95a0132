#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "snapshot_image.hpp"

namespace memscale {

/// Writes a table row by row, given as vectors of Given, keeping the rows of one strip of chunks only. Chunks in which
/// no row has a value are left out.
template <class Stored, class Given>
class StripWriter {
 public:
  StripWriter(ImageDataset dataset, Stored fill)
      : dataset_(std::move(dataset)), fill_(fill), tile_(dataset_.grid().chunk_rows * dataset_.grid().chunk_columns) {}

  /// Throws Hdf5Error for a row longer than the table is wide.
  void add(std::vector<Given> row) {
    if (row.size() > dataset_.grid().columns) throw Hdf5Error("write a row that is longer than its table is wide");
    rows_.push_back(std::move(row));
    if (rows_.size() == dataset_.grid().chunk_rows) write_strip();
  }

  CatalogTable finish() && {
    if (!rows_.empty()) write_strip();
    return std::move(dataset_).table();
  }

 private:
  void write_strip() {
    const ChunkGrid& grid = dataset_.grid();
    std::size_t longest = 0;
    for (const auto& row : rows_) longest = std::max(longest, row.size());
    for (std::size_t begin = 0; begin < longest; begin += grid.chunk_columns) {
      fill_tile(begin);
      dataset_.write(strip_ * grid.across() + begin / grid.chunk_columns, std::as_bytes(std::span(tile_)));
    }
    rows_.clear();
    ++strip_;
  }

  void fill_tile(std::size_t begin) {
    const std::size_t columns = dataset_.grid().chunk_columns;
    auto out = tile_.begin();
    for (const auto& row : rows_) {
      const std::size_t end = std::min(row.size(), begin + columns), length = end > begin ? end - begin : 0;
      const auto first = row.begin() + static_cast<std::ptrdiff_t>(length > 0 ? begin : 0);
      const auto behind = std::transform(first, first + static_cast<std::ptrdiff_t>(length), out,
                                         [](Given value) { return static_cast<Stored>(value); });
      out = std::fill_n(behind, columns - length, fill_);
    }
    std::fill(out, tile_.end(), fill_);
  }

  ImageDataset dataset_;
  Stored fill_;
  std::vector<Stored> tile_;
  std::vector<std::vector<Given>> rows_;
  std::uint64_t strip_ = 0;
};

}  // namespace memscale
