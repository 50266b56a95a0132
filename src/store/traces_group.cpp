#include <algorithm>
#include <limits>

#include "memscale/experiment/trace_length.hpp"
#include "memscale/model/recall.hpp"
#include "memscale/store/hdf5_image.hpp"
#include "snapshot_groups.hpp"

namespace memscale {

namespace {

template <class Stored>
ImageDataset make_table(SnapshotImage& image, const std::string& name, ValueKind kind, const ChunkGrid& grid,
                        Stored fill, const std::string& dims) {
  ImageDataset dataset(image, {name, kind, sizeof(Stored), grid, {}}, &fill);
  write_attribute(dataset.id(), "dims", dims);
  return dataset;
}

/// The grid of a table with `length` numbers of each entry.
ChunkGrid trace_grid(const std::vector<IndexEntry>& entries, std::uint32_t IndexEntry::*length) {
  std::uint64_t longest = 0, all = 0;
  for (const IndexEntry& entry : entries) {
    longest = std::max<std::uint64_t>(longest, entry.*length);
    all += entry.*length;
  }
  return table_grid(entries.size(), longest, entries.empty() ? 0 : all / entries.size());
}

}  // namespace

TracesGroup::TracesGroup(SnapshotImage& image, const std::vector<IndexEntry>& entries) {
  constexpr double no_step = std::numeric_limits<double>::quiet_NaN();
  const Hdf5Group group = create_group(image.root(), std::string(group_of<Trace>()));
  const ChunkGrid steps = trace_grid(entries, &IndexEntry::steps_done);
  const ChunkGrid losses = trace_grid(entries, &IndexEntry::group_losses);
  for_each_field_of<Trace>([&](const char* name, const std::vector<double>&) {
    const bool by_step = is_by_step(name);
    traces_.emplace_back(make_table(image, dataset_of<Trace, double>(name), ValueKind::real, by_step ? steps : losses,
                                    no_step, by_step ? "trial,step" : "trial,entry"),
                         no_step);
  });
}

void TracesGroup::add(Trace trace) {
  auto writer = traces_.begin();
  for_each_field(trace, [&](const char*, std::vector<double>& values) { (writer++)->add(std::move(values)); });
}

void TracesGroup::finish(std::vector<CatalogTable>& tables) && {
  for (auto& writer : traces_) tables.push_back(std::move(writer).finish());
}

RecallGroup::RecallGroup(SnapshotImage& image, const std::vector<IndexEntry>& entries) {
  std::int64_t items = 0;
  for (const IndexEntry& entry : entries) items = std::max<std::int64_t>(items, entry.items);
  std::vector<std::int64_t> low, high;
  for (const RankBin& bin : recall_bins(items)) low.push_back(bin.low), high.push_back(bin.high);
  const Hdf5Group group = create_group(image.root(), "recall");
  write_attribute(group, "comment",
                  std::string("recovered items of rank rank_lo .. rank_hi, both included; a trial's own last bin ends "
                              "at its items, and it has -1 in the bins behind"));
  write_column(group, {"rank_lo", low});
  write_column(group, {"rank_hi", high});
  recovered_.emplace_back(make_table(image, "recall/recovered", ValueKind::code,
                                     table_grid(entries.size(), low.size(), low.size()), no_bin, "trial,bin"),
                          no_bin);
}

void RecallGroup::add(std::vector<std::int64_t> recall) {
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  if (std::any_of(recall.begin(), recall.end(), [](std::int64_t count) { return count < 0 || count > most; }))
    throw Hdf5Error("write recall that is beyond 32 bits");
  recovered_.front().add(std::move(recall));
}

void RecallGroup::finish(std::vector<CatalogTable>& tables) && {
  tables.push_back(std::move(recovered_.front()).finish());
}

}  // namespace memscale
