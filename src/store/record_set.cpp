#include "memscale/store/record_set.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "memscale/core/text.hpp"
#include "memscale/store/result_difference.hpp"
#include "memscale/store/stored_record.hpp"

namespace memscale {

void RecordSet::require_agreement(std::uint64_t id, const Record& record) const {
  const auto found = index_.find(id);
  if (found == index_.end()) return;
  const Record& held = records_[found->second];
  if (!is_finished(held) || !is_finished(record) || same_outcome(held, record)) return;
  const FieldDifference first = differences(held, record).front();
  throw std::runtime_error("trial " + to_hex(id) + " has two results that differ (" + first.name + " " + first.stored +
                           " and " + first.now + ")");
}

bool RecordSet::add(std::uint64_t id, const Record& record) {
  require_agreement(id, record);
  const auto [found, is_new] = index_.try_emplace(id, records_.size());
  if (is_new) {
    records_.push_back(record);
    return true;
  }
  Record& held = records_[found->second];
  if (is_finished(held) || same_record(held, record)) return false;
  held = record;
  return true;
}

bool RecordSet::has_result(std::uint64_t id) const {
  const auto found = index_.find(id);
  return found != index_.end() && is_finished(records_[found->second]);
}

SortedRecords sort_by_id(std::vector<Record> records) {
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  order.reserve(records.size());
  for (const Record& record : records) order.emplace_back(trial_id(record.trial), order.size());
  std::sort(order.begin(), order.end());
  SortedRecords sorted;
  sorted.ids.reserve(records.size());
  sorted.records.reserve(records.size());
  for (const auto& [id, place] : order) {
    sorted.ids.push_back(id);
    sorted.records.push_back(std::move(records[place]));
  }
  return sorted;
}

std::vector<Record> sorted_by_id(std::vector<Record> records) {
  return sort_by_id(std::move(records)).records;
}

}  // namespace memscale
