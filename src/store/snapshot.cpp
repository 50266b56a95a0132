#include "memscale/store/snapshot.hpp"

#include <fcntl.h>

#include <stdexcept>
#include <utility>

#include "memscale/core/text.hpp"
#include "memscale/experiment/trace_length.hpp"
#include "memscale/store/column.hpp"
#include "memscale/store/hdf5_image.hpp"
#include "memscale/store/result_store.hpp"
#include "memscale/store/sealed_file.hpp"
#include "memscale/store/stored_record.hpp"
#include "snapshot_groups.hpp"
#include "snapshot_layout.hpp"

namespace memscale {

namespace {

/// The names of all enums, for people who meet a code.
template <class Part>
void write_labels(hid_t group) {
  for_each_field_of<Part>([&]<class Value>(const char* name, const Value&) {
    if constexpr (NamedEnum<Value>)
      write_texts(group, name, {EnumNames<Value>::names.begin(), EnumNames<Value>::names.end()});
  });
}

void write_jobs(hid_t root, const std::vector<JobEntry>& jobs) {
  const Hdf5Group group = create_group(root, "jobs");
  std::vector<Column> columns = empty_columns<JobEntry>();
  for (const JobEntry& job : jobs) {
    auto column = columns.begin();
    for_each_field(job, [&]<class Value>(const char*, const Value& value) {
      if constexpr (std::is_same_v<Value, std::string>)
        std::get<std::vector<Value>>(column->values).push_back(storable_text(value, value.size()));
      else
        std::get<std::vector<Value>>(column->values).push_back(value);
      ++column;
    });
  }
  for (const Column& column : columns) write_column(group, column);
}

void write_attributes(hid_t root, const Provenance& provenance) {
  write_attribute(root, "format", store_format_version);
  write_attribute(root, "physics", physics_version);
  write_attribute(root, "version", storable_text(provenance.version(), longest_text));
  write_attribute(root, "job_text", storable_text(provenance.job_text(), longest_text));
}

/// About how long the file will be.
std::size_t expected_size(const std::vector<IndexEntry>& entries) {
  constexpr std::size_t of_a_record = 300, of_a_step = 30;
  std::size_t size = 0;
  for (const IndexEntry& entry : entries)
    size += of_a_record + of_a_step * entry.steps_done + sizeof(double) * entry.group_losses;
  return size;
}

void require_entry(const Record& record, const IndexEntry& entry, std::uint64_t before, bool is_first) {
  const auto is = [](std::int64_t number, std::uint32_t known) { return number == std::int64_t{known}; };
  bool agrees = is(record.trial.items, entry.items) && is(record.result.steps_done, entry.steps_done) &&
                record.result.status == entry.status && (is_first || entry.id > before);
  for_each_field(record.trace, [&](const char* name, const std::vector<double>& values) {
    agrees = agrees && values.size() == trace_length(name, record.trial, record.result.steps_done);
  });
  agrees = agrees && is(static_cast<std::int64_t>(record.trace.group_loss.size()), entry.group_losses);
  if (!agrees) throw Hdf5Error("write trial " + to_hex(entry.id) + ", which is not what it was said to be");
}

/// Fills the image; what stays in memory beside it is a block of records, and the costs.
std::vector<CatalogTable> write_records(SnapshotImage& image, const Provenance& provenance,
                                        const RecordSource& source) {
  TrialsGroup trials(image, source.entries.size());
  TracesGroup traces(image, source.entries);
  RecallGroup recall(image, source.entries);
  FailuresGroup failures;
  CostGroup cost(image, source.entries.size());
  std::uint64_t before = 0;
  for (const IndexEntry& entry : source.entries) {
    Record record = source.read(entry);
    require_entry(record, entry, before, &entry == source.entries.data());
    trials.add(record, entry);
    if (!is_finished(record)) failures.add(record, entry);
    traces.add(std::move(record.trace));
    recall.add(std::move(record.recall));
    cost.add(record.cost);
    before = entry.id;
  }
  std::vector<CatalogTable> tables;
  std::move(trials).finish(tables);
  std::move(traces).finish(tables);
  std::move(recall).finish(tables);
  std::move(failures).finish(image, tables);
  const Hdf5Group labels = create_group(image.root(), "labels");
  write_labels<Trial>(labels);
  write_labels<Result>(labels);
  write_jobs(image.root(), provenance.jobs);
  std::move(cost).finish(provenance.command_line, tables);
  return tables;
}

}  // namespace

void write_snapshot(const std::filesystem::path& path, const Provenance& provenance, const RecordSource& source,
                    Verify verify) {
  const auto write = [&] {
    SnapshotImage image(expected_size(source.entries));
    write_attributes(image.root(), provenance);
    const Catalog catalog{provenance, source.entries.size(), write_records(image, provenance, source)};
    return SealedDraft(path, image.bytes(), encode_catalog(catalog));
  };
  SealedDraft draft = write();
  verify_snapshot(draft.name(), source, verify);
  draft.put_in_place();
}

void verify_snapshot(const std::filesystem::path& path, const RecordSource& source, Verify verify) {
  SnapshotFile file(open_file(path, O_RDONLY), path);
  const std::vector<IndexEntry> entries = file.entries();
  if (entries.size() != source.entries.size())
    throw std::runtime_error(path.string() + " holds " + to_text(std::uint64_t{entries.size()}) +
                             " records in place of " + to_text(std::uint64_t{source.entries.size()}));
  auto stored = entries.begin();
  for (const IndexEntry& entry : source.entries) {
    const bool is_in_journal = entry.length > 0;
    const bool reads = verify == Verify::all || !is_in_journal;
    if (stored->id != entry.id || (reads && !same_record(file.read(*stored, {}), source.read(entry))))
      throw std::runtime_error(path.string() + " does not give back trial " + to_hex(entry.id));
    ++stored;
  }
}

}  // namespace memscale
