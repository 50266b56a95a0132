#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace memscale {

/// A set of trial ids. They are hashes already, so their low bits say where in the table they stand, or behind which.
class IdSet {
 public:
  /// Room for so many ids without growing.
  explicit IdSet(std::size_t expected = 0) : table_(std::bit_ceil(2 * expected + 16)) {}

  /// Whether `id` was not in it yet.
  bool insert(std::uint64_t id) {
    if (id == empty) return !std::exchange(has_empty_, true);
    if (2 * ++size_ > table_.size()) grow();
    std::uint64_t& place = find(id);
    if (place == id) {
      --size_;
      return false;
    }
    place = id;
    return true;
  }

 private:
  static constexpr std::uint64_t empty = 0;

  std::uint64_t& find(std::uint64_t id) {
    const std::size_t mask = table_.size() - 1;
    std::size_t place = id & mask;
    while (table_[place] != empty && table_[place] != id) place = (place + 1) & mask;
    return table_[place];
  }
  void grow() {
    std::vector<std::uint64_t> old(2 * table_.size(), empty);
    table_.swap(old);
    for (std::uint64_t id : old)
      if (id != empty) find(id) = id;
  }

  std::vector<std::uint64_t> table_;  ///< half full at most
  std::size_t size_ = 0;              ///< ids in the table
  bool has_empty_ = false;
};

}  // namespace memscale
