#include "memscale/store/sample_entries.hpp"

#include <xxhash.h>

#include <algorithm>

namespace memscale {

std::vector<IndexEntry> sample_entries(std::vector<IndexEntry> entries, std::size_t count, std::uint64_t seed) {
  const auto draw = [seed](const IndexEntry& entry) { return XXH3_64bits_withSeed(&entry.id, sizeof entry.id, seed); };
  const auto before = [&](const IndexEntry& a, const IndexEntry& b) {
    const auto first = draw(a), second = draw(b);
    return first != second ? first < second : a.id < b.id;
  };
  const auto end = entries.begin() + static_cast<std::ptrdiff_t>(std::min(count, entries.size()));
  std::partial_sort(entries.begin(), end, entries.end(), before);
  entries.erase(end, entries.end());
  return entries;
}

}  // namespace memscale
