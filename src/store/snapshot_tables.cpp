#include "snapshot_tables.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "memscale/model/recall.hpp"
#include "memscale/store/hdf5_image.hpp"
#include "memscale/store/hdf5_table.hpp"

namespace memscale {

namespace {

constexpr double no_step = std::numeric_limits<double>::quiet_NaN();
constexpr std::int32_t no_bin = -1;

/// The bins of each number of items among the records, worked out once.
class Bins {
 public:
  const std::vector<RankBin>& of(const Record& record) {
    constexpr std::int64_t most_items = 1'000'000'000'000'000;  // recall_bins counts in 64 bits
    const std::int64_t items = record.trial.items;
    if (items < 0 || items > most_items) throw Hdf5Error("take a trial of so many items");
    const auto [found, is_new] = bins_.try_emplace(items);
    if (is_new) found->second = recall_bins(items);
    return found->second;
  }

  /// Of the largest number of items asked for; none if none was.
  std::vector<RankBin> longest() const { return bins_.empty() ? std::vector<RankBin>() : bins_.rbegin()->second; }

 private:
  std::map<std::int64_t, std::vector<RankBin>> bins_;
};

std::vector<std::string> trace_names() {
  std::vector<std::string> names;
  const Trace sample;
  for_each_field(sample, [&](const char* name, const auto&) { names.emplace_back(name); });
  return names;
}

}  // namespace

void write_traces(hid_t root, const std::vector<Record>& records) {
  const Hdf5Group traces = create_group(root, "traces");
  const std::vector<std::string> names = trace_names();
  std::vector<std::vector<std::span<const double>>> tables(names.size());
  for (const Record& record : records) {
    auto table = tables.begin();
    for_each_field(record.trace,
                   [&](const char*, const std::vector<double>& values) { table++->emplace_back(values); });
  }
  for (std::size_t i = 0; i < names.size(); ++i)
    write_table<double>(traces, names[i], tables[i], no_step, "trial,step");
}

void write_recall(hid_t root, const std::vector<Record>& records) {
  Bins bins;
  std::vector<std::vector<std::int32_t>> counts;
  counts.reserve(records.size());
  for (const Record& record : records) {
    counts.emplace_back(bins.of(record).size(), no_bin);
    std::copy(record.recall.begin(), record.recall.end(), counts.back().begin());
  }
  std::vector<std::int64_t> low, high;
  for (const RankBin& bin : bins.longest()) low.push_back(bin.low), high.push_back(bin.high);
  const Hdf5Group recall = create_group(root, "recall");
  write_attribute(recall, "comment",
                  std::string("recovered items of rank rank_lo .. rank_hi, both included; a trial's own last bin ends "
                              "at its items, and it has -1 in the bins behind"));
  write_column(recall, {"rank_lo", low});
  write_column(recall, {"rank_hi", high});
  write_table<std::int32_t>(recall, "recovered", {counts.begin(), counts.end()}, no_bin, "trial,bin");
}

void read_traces(hid_t root, std::vector<Record>& records) {
  const Hdf5Group traces = open_group(root, "traces");
  std::vector<std::size_t> lengths;
  for (const Record& record : records) {
    if (record.result.steps_done < 0) throw Hdf5Error("read table traces: a trial of less than no steps");
    lengths.push_back(static_cast<std::size_t>(record.result.steps_done));
  }
  std::vector<std::vector<std::vector<double>>> tables;
  for (const std::string& name : trace_names()) tables.push_back(read_table<double>(traces, name, lengths));
  for (std::size_t row = 0; row < records.size(); ++row) {
    auto table = tables.begin();
    for_each_field(records[row].trace,
                   [&](const char*, std::vector<double>& values) { values = std::move((*table++)[row]); });
  }
}

void read_recall(hid_t root, std::vector<Record>& records) {
  const Hdf5Group recall = open_group(root, "recall");
  Bins bins;
  std::vector<std::size_t> lengths;
  for (const Record& record : records) lengths.push_back(bins.of(record).size());
  const auto table = read_table<std::int32_t>(recall, "recovered", lengths);
  for (std::size_t row = 0; row < records.size(); ++row) {
    const std::vector<std::int32_t>& counts = table[row];
    if (std::any_of(counts.begin(), counts.end(), [](std::int32_t count) { return count != no_bin; }))
      records[row].recall.assign(counts.begin(), counts.end());
  }
  const auto require_column = [&](const char* name, std::int64_t RankBin::*end) {
    Column column{name, std::vector<std::int64_t>()};
    const std::vector<RankBin> longest = bins.longest();
    read_column(recall, column, longest.size(), 0);
    const auto& values = std::get<std::vector<std::int64_t>>(column.values);
    if (!std::equal(values.begin(), values.end(), longest.begin(), longest.end(),
                    [&](std::int64_t value, const RankBin& bin) { return value == bin.*end; }))
      throw Hdf5Error(std::string("take column ") + name + ": these are not the bins of rank");
  };
  require_column("rank_lo", &RankBin::low);
  require_column("rank_hi", &RankBin::high);
}

}  // namespace memscale
