#include "legacy_hdf5.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "legacy_fields.hpp"
#include "memscale/model/recall.hpp"
#include "memscale/store/column.hpp"
#include "memscale/store/hdf5_table.hpp"
#include "memscale/store/stored_record.hpp"

namespace memscale {

namespace {

constexpr std::size_t longest_attribute = std::size_t{1} << 16;

template <class Part>
void read_part(hid_t group, std::int64_t format, std::vector<Record>& records, Part Record::*part) {
  std::vector<Column> columns = to_columns(records, part);  // of defaults: for fields that the format does not have
  for (Column& column : columns)
    if (is_stored<Part>(column.name, format)) read_column(group, column, records.size(), longest_name);
  from_columns(columns, records, part);
}

void read_failures(hid_t root, const std::vector<std::string>& ids, std::vector<Record>& records) {
  const Hdf5Group failures = open_group(root, "failures");
  const std::size_t count = count_rows(failures, "trial_id");
  const std::vector<std::string> failed = read_texts(failures, "trial_id", count, 16);
  std::vector<std::string> messages = read_texts(failures, "message", count, longest_message);
  std::size_t next = 0;
  for (std::size_t row = 0; row < records.size(); ++row) {
    if (is_finished(records[row])) continue;
    if (next == count || failed[next] != ids[row]) throw Hdf5Error("find the failure of trial " + ids[row]);
    records[row].message = std::move(messages[next++]);
  }
  if (next != count) throw Hdf5Error("take failure " + failed[next] + ": that trial did not fail");
}

void read_traces(hid_t root, std::int64_t format, std::vector<Record>& records) {
  const Hdf5Group traces = open_group(root, "traces");
  std::vector<std::size_t> lengths;
  for (const Record& record : records) {
    if (record.result.steps_done < 0) throw Hdf5Error("take a trial of less than no steps");
    lengths.push_back(static_cast<std::size_t>(record.result.steps_done));
  }
  std::vector<std::vector<std::vector<double>>> tables;
  const Trace names;
  for_each_field(names, [&](const char* name, const auto&) {
    if (is_stored<Trace>(name, format)) tables.push_back(read_table<double>(traces, name, lengths));
  });
  for (std::size_t row = 0; row < records.size(); ++row) {
    auto table = tables.begin();
    for_each_field(records[row].trace, [&](const char* name, std::vector<double>& values) {
      if (is_stored<Trace>(name, format)) values = std::move((*table++)[row]);
    });
  }
}

/// The number of bins of a trial's recall, worked out once for each number of items.
class BinCounts {
 public:
  std::size_t of(const Record& record) {
    constexpr std::int64_t most_items = 1'000'000'000'000'000;  // recall_bins counts in 64 bits
    const std::int64_t items = record.trial.items;
    if (items < 0 || items > most_items) throw Hdf5Error("take a trial of so many items");
    const auto [found, is_new] = counts_.try_emplace(items);
    if (is_new) found->second = recall_bins(items).size();
    return found->second;
  }

 private:
  std::map<std::int64_t, std::size_t> counts_;
};

void read_recall(hid_t root, std::vector<Record>& records) {
  constexpr std::int32_t no_bin = -1;
  const Hdf5Group recall = open_group(root, "recall");
  BinCounts bins;
  std::vector<std::size_t> lengths;
  for (const Record& record : records) lengths.push_back(bins.of(record));
  const auto table = read_table<std::int32_t>(recall, "recovered", lengths);
  for (std::size_t row = 0; row < records.size(); ++row) {
    const std::vector<std::int32_t>& counts = table[row];
    if (std::any_of(counts.begin(), counts.end(), [](std::int32_t count) { return count != no_bin; }))
      records[row].recall.assign(counts.begin(), counts.end());
  }
}

}  // namespace

LegacyHeader LegacyHdf5::header() const {
  const Hdf5Group cost = open_group(file_, "cost");
  return {read_integer_attribute(file_, "format"), read_integer_attribute(file_, "physics"),
          read_text_attribute(file_, "version", longest_attribute),
          read_text_attribute(file_, "job_text", longest_attribute),
          read_text_attribute(cost, "command_line", longest_attribute)};
}

LegacyRecords LegacyHdf5::records(const LegacyHeader& header) const {
  const Hdf5Group trials = open_group(file_, "trials");
  LegacyRecords held;
  held.ids = read_texts(trials, "trial_id", count_rows(trials, "trial_id"), 16);
  held.records.resize(held.ids.size());
  read_part(trials, header.format, held.records, &Record::trial);
  read_part(trials, header.format, held.records, &Record::result);
  read_part(open_group(file_, "cost"), header.format, held.records, &Record::cost);
  read_failures(file_, held.ids, held.records);
  if (header.format >= first_format_with_traces) {
    read_traces(file_, header.format, held.records);
    read_recall(file_, held.records);
  }
  for (Record& record : held.records) complete_legacy_record(record, header.format, header.physics);
  return held;
}

}  // namespace memscale
