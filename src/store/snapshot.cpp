#include "memscale/store/snapshot.hpp"

#include <stdexcept>
#include <utility>

#include "memscale/core/text.hpp"
#include "memscale/experiment/record_bytes.hpp"
#include "memscale/store/hdf5_image.hpp"
#include "memscale/store/record_set.hpp"
#include "memscale/store/sealed_file.hpp"
#include "memscale/store/store_path.hpp"
#include "memscale/store/stored_record.hpp"
#include "snapshot_tables.hpp"

namespace memscale {

namespace {

/// The unit of a cost column; empty for a count or a text.
std::string unit_of(std::string_view name) {
  if (name.starts_with("seconds")) return "s";
  if (name == "started") return "s since 1970-01-01 00:00 UTC";
  if (name == "peak_memory") return "byte";
  return {};
}

void write_trials(hid_t root, const std::vector<std::string>& ids, const std::vector<Record>& records) {
  const Hdf5Group trials = create_group(root, "trials");
  write_texts(trials, "trial_id", ids, 16);
  for (const Column& column : to_columns(records, &Record::trial)) write_column(trials, column);
  for (const Column& column : to_columns(records, &Record::result)) write_column(trials, column);
}

void write_labels(hid_t root) {
  const Hdf5Group labels = create_group(root, "labels");
  const auto write = [&](const std::vector<Column>& columns) {
    for (const Column& column : columns)
      if (const auto* values = std::get_if<CodeValues>(&column.values))
        write_texts(labels, column.name, {values->names.begin(), values->names.end()});
  };
  write(empty_columns<Trial>());
  write(empty_columns<Result>());
}

void write_failures(hid_t root, const std::vector<std::string>& ids, const std::vector<Record>& records) {
  std::vector<std::string> failed, messages;
  for (std::size_t row = 0; row < records.size(); ++row) {
    if (is_finished(records[row])) continue;
    failed.push_back(ids[row]);
    messages.push_back(records[row].message);
  }
  const Hdf5Group failures = create_group(root, "failures");
  write_texts(failures, "trial_id", failed, 16);
  write_texts(failures, "message", messages);
}

void write_costs(hid_t root, const std::string& command_line, const std::vector<Record>& records) {
  const Hdf5Group cost = create_group(root, "cost");
  write_attribute(cost, "command_line", command_line);
  for (const Column& column : to_columns(records, &Record::cost)) {
    write_column(cost, column);
    if (const std::string unit = unit_of(column.name); !unit.empty()) write_unit(cost, column.name, unit);
  }
}

template <class Part>
void read_part(hid_t group, std::vector<Record>& records, Part Record::*part) {
  std::vector<Column> columns = empty_columns<Part>();
  for (Column& column : columns) read_column(group, column, records.size(), longest_name);
  from_columns(columns, records, part);
}

void require_ids(const std::vector<std::string>& ids, const std::vector<Record>& records) {
  for (std::size_t row = 0; row < records.size(); ++row) {
    if (to_hex(trial_id(records[row].trial)) != ids[row])
      throw Hdf5Error("take trial " + ids[row] + ": its parameters have another id");
    if (row > 0 && ids[row] <= ids[row - 1]) throw Hdf5Error("take trial " + ids[row] + ": it is out of order");
  }
}

void require_sound(const std::vector<Record>& records, const std::vector<std::string>& ids) {
  for (std::size_t row = 0; row < records.size(); ++row) try {
      memscale::require_sound(records[row]);
    } catch (const std::out_of_range& error) {
      throw Hdf5Error("take trial " + ids[row] + ": " + error.what());
    }
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

StoreContents read_contents(hid_t root, std::size_t longest_text) {
  StoreContents contents;
  contents.provenance.version = read_text_attribute(root, "version", longest_text);
  contents.provenance.job_text = read_text_attribute(root, "job_text", longest_text);
  const Hdf5Group trials = open_group(root, "trials");
  const Hdf5Group cost = open_group(root, "cost");
  contents.provenance.command_line = read_text_attribute(cost, "command_line", longest_text);
  const std::vector<std::string> ids = read_texts(trials, "trial_id", count_rows(trials, "trial_id"), 16);
  contents.records.resize(ids.size());
  read_part(trials, contents.records, &Record::trial);
  read_part(trials, contents.records, &Record::result);
  read_part(cost, contents.records, &Record::cost);
  require_ids(ids, contents.records);
  read_failures(root, ids, contents.records);
  read_traces(root, contents.records);
  read_recall(root, contents.records);
  require_sound(contents.records, ids);
  return contents;
}

}  // namespace

void write_snapshot(const std::filesystem::path& path, const Provenance& provenance, std::vector<Record> unsorted) {
  const SortedRecords sorted = sort_by_id(std::move(unsorted));
  const std::vector<Record>& records = sorted.records;
  std::vector<std::string> ids;
  ids.reserve(records.size());
  for (std::uint64_t id : sorted.ids) ids.push_back(to_hex(id));
  const Hdf5File file = create_image();
  write_attribute(file, "format", store_format_version);
  write_attribute(file, "physics", physics_version);
  write_attribute(file, "version", provenance.version);
  write_attribute(file, "job_text", provenance.job_text);
  write_trials(file, ids, records);
  write_labels(file);
  write_failures(file, ids, records);
  write_traces(file, records);
  write_recall(file, records);
  write_costs(file, provenance.command_line, records);
  const std::vector<std::byte> bytes = image_bytes(file);
  if (!same_records(read_contents(open_image(bytes), bytes.size()).records, records))
    throw Hdf5Error("give back what it was given");
  write_sealed(path, bytes);
}

StoreContents read_snapshot(const FileDescriptor& file, const std::filesystem::path& path) {
  std::vector<std::byte> bytes = read_sealed(file, path);
  const std::size_t size = bytes.size();
  try {
    const Hdf5File image = open_image(std::move(bytes));
    if (!has_attribute(image, "format") || !has_attribute(image, "physics"))
      throw invalid_store(path, "is not a memscale store");
    require_versions(path, read_integer_attribute(image, "format"), read_integer_attribute(image, "physics"));
    return read_contents(image, size);
  } catch (const Hdf5Error& error) {
    throw damaged_store(path, error.what());
  }
}

}  // namespace memscale
