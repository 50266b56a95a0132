#include "memscale/store/record_source.hpp"

namespace memscale {

IndexEntry index_entry(const Record& record, std::uint64_t offset, std::uint32_t file) {
  IndexEntry entry;
  entry.id = trial_id(record.trial);
  entry.digest = outcome_digest(record);
  entry.offset = offset;
  entry.file = file;
  entry.items = static_cast<std::uint32_t>(record.trial.items);
  entry.steps_done = static_cast<std::uint32_t>(record.result.steps_done);
  entry.group_losses = static_cast<std::uint32_t>(record.trace.group_loss.size());
  entry.status = record.result.status;
  return entry;
}

IndexEntry index_entry(std::uint64_t id, const RecordSummary& summary, std::uint32_t file) {
  IndexEntry entry;
  entry.id = id;
  entry.file = file;
  entry.digest = summary.digest;
  entry.items = summary.items;
  entry.steps_done = summary.steps_done;
  entry.group_losses = summary.group_losses;
  entry.status = summary.status;
  return entry;
}

RecordSource source_of(std::vector<Record> records) {
  RecordSource source;
  for (const Record& record : records) source.entries.push_back(index_entry(record, source.entries.size()));
  source.entries = sorted_by_id(std::move(source.entries));
  source.files.push_back(std::make_shared<RecordList>(std::move(records)));
  return source;
}

}  // namespace memscale
