#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// A trial's record: where it stands, and what is asked of it most, so that it need not be read for that.
struct IndexEntry {
  std::uint64_t id = 0;      ///< trial_id
  std::uint64_t digest = 0;  ///< outcome_digest
  std::uint64_t offset = 0;  ///< in a snapshot its row, in a journal segment its frame's first byte
  std::uint32_t length = 0;  ///< of the frame in bytes; 0 in a snapshot
  std::uint32_t file = 0;    ///< which of a RecordSource's files
  std::uint32_t items = 0;
  std::uint32_t steps_done = 0;
  std::uint32_t group_losses = 0;  ///< numbers in the trace group_loss
  TrialStatus status = TrialStatus::ok;

  bool is_finished() const { return status != TrialStatus::failed; }
};
static_assert(sizeof(IndexEntry) == 48);  // of which there may be many millions

/// One entry a trial. A finished record (ok, diverged) replaces a failed one; of two failed ones the later stays; of
/// two finished ones the first stays, and they must agree in result, trace and recall.
class RecordIndex {
 public:
  enum class Added { is_new, replaced, known, conflict };
  /// `conflict`: another finished outcome is held, and stays.
  Added add(const IndexEntry& entry);

  /// What add would return.
  Added would_add(const IndexEntry& entry) const;

  /// The entry of a trial; nullptr if there is none. Valid until the next add.
  const IndexEntry* find(std::uint64_t id) const;
  bool has_result(std::uint64_t id) const;
  /// Lets the memory come that add and find of this trial will ask for.
  void prefetch(std::uint64_t id) const;
  std::size_t size() const { return entries_.size(); }
  void reserve(std::size_t entries);
  void clear();  ///< keeps the memory

  /// In the order of their first arrival.
  const std::vector<IndexEntry>& entries() const { return entries_; }

 private:
  /// Where the id's place stands in the table, or would.
  std::size_t slot_of(std::uint64_t id) const;
  std::size_t first_slot_of(std::uint64_t id) const;
  void rebuild(std::size_t slots);

  std::vector<IndexEntry> entries_;
  std::vector<std::uint32_t> slots_;  ///< places among the entries, counted from 1; 0: empty. Half full at most
};

std::vector<IndexEntry> sorted_by_id(std::vector<IndexEntry> entries);

}  // namespace memscale
