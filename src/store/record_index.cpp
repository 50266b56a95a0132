#include "memscale/store/record_index.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <random>
#include <stdexcept>

namespace memscale {

namespace {

/// Ids are hashes, but a store made to harm could hold many that begin or end alike: spread what no one can foresee.
std::uint64_t spread(std::uint64_t id) {
  static const std::uint64_t secret = std::random_device()() | std::uint64_t{std::random_device()()} << 32;
  constexpr std::uint64_t golden_ratio = 0x9E3779B97F4A7C15;
  return (id ^ secret) * golden_ratio;
}

RecordIndex::Added judge(const IndexEntry& held, const IndexEntry& entry) {
  if (!held.is_finished()) return RecordIndex::Added::replaced;
  if (!entry.is_finished() || held.digest == entry.digest) return RecordIndex::Added::known;
  return RecordIndex::Added::conflict;
}

}  // namespace

RecordIndex::Added RecordIndex::would_add(const IndexEntry& entry) const {
  const IndexEntry* held = find(entry.id);
  return held ? judge(*held, entry) : Added::is_new;
}

RecordIndex::Added RecordIndex::add(const IndexEntry& entry) {
  reserve(entries_.size() + 1);
  std::uint32_t& slot = slots_[slot_of(entry.id)];
  if (slot == 0) {
    entries_.push_back(entry);
    slot = static_cast<std::uint32_t>(entries_.size());
    return Added::is_new;
  }
  IndexEntry& held = entries_[slot - 1];
  const Added added = judge(held, entry);
  if (added == Added::replaced) held = entry;
  return added;
}

const IndexEntry* RecordIndex::find(std::uint64_t id) const {
  if (slots_.empty()) return nullptr;
  const std::uint32_t place = slots_[slot_of(id)];
  return place == 0 ? nullptr : &entries_[place - 1];
}

bool RecordIndex::has_result(std::uint64_t id) const {
  const IndexEntry* held = find(id);
  return held && held->is_finished();
}

void RecordIndex::reserve(std::size_t entries) {
  constexpr std::size_t fewest = 64;
  if (entries > std::numeric_limits<std::uint32_t>::max()) throw std::length_error("store: too many trials");
  if (2 * entries > slots_.size()) rebuild(std::bit_ceil(std::max(2 * entries, fewest)));
  if (entries > 2 * entries_.capacity()) entries_.reserve(entries);  // by ones, push_back grows it
}

void RecordIndex::clear() {
  entries_.clear();
  std::fill(slots_.begin(), slots_.end(), 0);
}

void RecordIndex::prefetch(std::uint64_t id) const {
  if (!slots_.empty()) __builtin_prefetch(&slots_[first_slot_of(id)]);
}

std::size_t RecordIndex::first_slot_of(std::uint64_t id) const {
  return spread(id) >> (64 - std::countr_zero(slots_.size()));
}

std::size_t RecordIndex::slot_of(std::uint64_t id) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = first_slot_of(id);
  while (slots_[slot] != 0 && entries_[slots_[slot] - 1].id != id) slot = (slot + 1) & mask;
  return slot;
}

void RecordIndex::rebuild(std::size_t slots) {
  slots_.assign(slots, 0);
  for (std::size_t place = 0; place < entries_.size(); ++place)
    slots_[slot_of(entries_[place].id)] = static_cast<std::uint32_t>(place + 1);
}

std::vector<IndexEntry> sorted_by_id(std::vector<IndexEntry> entries) {
  std::sort(entries.begin(), entries.end(), [](const IndexEntry& a, const IndexEntry& b) { return a.id < b.id; });
  return entries;
}

}  // namespace memscale
