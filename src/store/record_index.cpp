#include "memscale/store/record_index.hpp"

#include <algorithm>

namespace memscale {

RecordIndex::Added RecordIndex::would_add(const IndexEntry& entry) const {
  const IndexEntry* held = find(entry.id);
  if (!held) return Added::is_new;
  if (!held->is_finished()) return Added::replaced;
  if (!entry.is_finished() || held->digest == entry.digest) return Added::known;
  return Added::conflict;
}

RecordIndex::Added RecordIndex::add(const IndexEntry& entry) {
  const Added added = would_add(entry);
  if (added == Added::is_new) {
    places_.emplace(entry.id, static_cast<std::uint32_t>(entries_.size()));
    entries_.push_back(entry);
  } else if (added == Added::replaced) {
    entries_[places_.at(entry.id)] = entry;
  }
  return added;
}

const IndexEntry* RecordIndex::find(std::uint64_t id) const {
  const auto found = places_.find(id);
  return found == places_.end() ? nullptr : &entries_[found->second];
}

bool RecordIndex::has_result(std::uint64_t id) const {
  const IndexEntry* held = find(id);
  return held && held->is_finished();
}

void RecordIndex::reserve(std::size_t entries) {
  entries_.reserve(entries);
  places_.reserve(entries);
}

std::vector<IndexEntry> sorted_by_id(std::vector<IndexEntry> entries) {
  std::sort(entries.begin(), entries.end(), [](const IndexEntry& a, const IndexEntry& b) { return a.id < b.id; });
  return entries;
}

}  // namespace memscale
