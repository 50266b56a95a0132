#include "row_reader.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string_view>

#include "legacy_fields.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/record_bytes.hpp"
#include "memscale/experiment/trace_length.hpp"
#include "memscale/store/journal.hpp"
#include "memscale/store/store_path.hpp"

namespace memscale {

namespace {

/// Of tables with more than one chunk side by side, table_grid makes none that are higher.
constexpr std::uint64_t most_rows_of_wide_chunk = 128;

/// Of a trial whose record fits into a journal's frame: of group_loss there is little.
std::int64_t most_steps(ModelKind model) {
  Trial trial;
  trial.model = model;
  std::size_t bytes = 0;  // of a step
  for_each_field_of<Trace>([&](const char* name, const std::vector<double>&) {
    if (is_by_step(name)) bytes += sizeof(double) * trace_length(name, trial, 1);
  });
  return static_cast<std::int64_t>(longest_payload / bytes);
}

std::string_view unpadded(const std::byte* text, std::size_t size) {
  const auto* first = reinterpret_cast<const char*>(text);
  return {first, std::find(first, first + size, '\0')};
}

}  // namespace

RowReader::RowReader(const FileDescriptor& file, const std::filesystem::path& path, std::int64_t format,
                     const Catalog& catalog)
    : file_(&file),
      path_(&path),
      format_(format),
      catalog_(&catalog),
      ids_(open_column("trials/trial_id", ValueKind::text, catalog.rows)),
      digests_(open_column("trials/digest", ValueKind::text, catalog.rows)),
      trial_(open_fields<Trial>()),
      result_(open_fields<Result>()),
      trace_(open_fields<Trace>()),
      cost_(open_fields<Cost>()),
      recall_(open_table("recall/recovered", ValueKind::code)),
      failed_ids_(
          open_column("failures/trial_id", ValueKind::text, find("failures/message", ValueKind::text).grid.rows)),
      messages_(open_column("failures/message", ValueKind::text, failed_ids_.table().grid.rows)) {}

void RowReader::refuse(const std::string& why) const {
  throw damaged_store(*path_, why);
}

const CatalogTable& RowReader::find(const std::string& name, ValueKind kind) const {
  const CatalogTable* table = catalog_->find(name);
  if (!table) refuse("dataset " + name + " is missing");
  if (table->kind != kind) refuse("dataset " + name + " is of another kind");
  return *table;
}

TableReader RowReader::open_column(const std::string& name, ValueKind kind, std::uint64_t rows) {
  const CatalogTable& table = find(name, kind);
  if (table.grid.rows != rows || table.grid.columns != 1 || table.grid.chunk_columns != 1 || !table.is_complete())
    refuse("dataset " + name + " has not a value for each trial");
  return {*file_, *path_, table, decoder_};
}

TableReader RowReader::open_table(const std::string& name, ValueKind kind) {
  const CatalogTable& table = find(name, kind);
  if (table.grid.rows != catalog_->rows) refuse("dataset " + name + " has not a row for each trial");
  // TableReader decompresses what is far right once for each row: that must not be many times.
  if (table.grid.across() > TableReader::most_slots && table.grid.chunk_rows > most_rows_of_wide_chunk)
    refuse("dataset " + name + " has chunks that are too high");
  return {*file_, *path_, table, decoder_};
}

template <class Part>
RowReader::FieldReaders RowReader::open_fields() {
  FieldReaders readers;
  for_each_field_of<Part>([&]<class Value>(const char* name, const Value&) {
    const std::string dataset = dataset_of<Part, Value>(name);
    if (!is_stored<Part>(name, format_))
      readers.emplace_back();
    else if constexpr (std::is_same_v<Part, Trace>)
      readers.push_back(open_table(dataset, kind_of<Value>()));
    else
      readers.push_back(open_column(dataset, kind_of<Value>(), catalog_->rows));
  });
  return readers;
}

template <class Value>
void RowReader::read_value(TableReader& reader, std::uint64_t row, Value& value) {
  const std::byte* stored = reader.values(row);
  if (!stored) refuse("dataset " + reader.table().name + " misses rows");
  if constexpr (std::is_same_v<Value, std::string>) {
    value = unpadded(stored, reader.table().value_size);
  } else if constexpr (NamedEnum<Value>) {
    std::int32_t code = 0;
    std::memcpy(&code, stored, sizeof code);
    if (code < 0 || static_cast<std::size_t>(code) >= EnumNames<Value>::names.size())
      refuse("dataset " + reader.table().name + " has a code without a name");
    value = static_cast<Value>(code);
  } else {
    std::memcpy(&value, stored, sizeof value);
  }
}

template <class Part>
void RowReader::read_fields(FieldReaders& readers, std::uint64_t row, Part& part) {
  auto reader = readers.begin();
  for_each_field(part, [&](const char*, auto& value) {
    if (*reader) read_value(**reader, row, value);
    ++reader;
  });
}

std::uint64_t RowReader::read_hex(TableReader& reader, std::uint64_t row) {
  const std::byte* stored = reader.values(row);
  if (!stored) refuse("dataset " + reader.table().name + " misses rows");
  std::uint64_t value = 0;
  bool is_hex = reader.table().value_size == id_width;
  for (std::size_t i = 0; is_hex && i < id_width; ++i) {
    const auto digit = static_cast<char>(stored[i]);
    is_hex = (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
    value = value << 4 | static_cast<std::uint64_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
  }
  if (!is_hex) refuse("dataset " + reader.table().name + " has text that is no id");
  return value;
}

std::vector<IndexEntry> RowReader::entries() {
  constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
  TableReader statuses = open_column("trials/status_id", ValueKind::code, catalog_->rows);
  TableReader steps = open_column("trials/steps_done", ValueKind::integer, catalog_->rows);
  TableReader items = open_column("trials/items", ValueKind::integer, catalog_->rows);
  TableReader planned = open_column("trials/steps", ValueKind::integer, catalog_->rows);
  TableReader models = open_column("trials/model_id", ValueKind::code, catalog_->rows);
  std::optional<TableReader> groups;
  if (is_stored<Trial>("groups", format_)) groups = open_column("trials/groups", ValueKind::integer, catalog_->rows);
  std::uint64_t longest = 0, most_losses = 0, failed = 0;
  const auto count = [&](TableReader& reader, std::uint64_t row) {
    std::int64_t value = 0;
    read_value(reader, row, value);
    if (value < 0 || value > most) refuse("dataset " + reader.table().name + " has a count that cannot be");
    return static_cast<std::uint32_t>(value);
  };
  std::vector<IndexEntry> entries;  // grows as rows are read: their number is only what the catalog says
  for (std::uint64_t row = 0; row < catalog_->rows; ++row) {
    IndexEntry entry;
    entry.id = read_hex(ids_, row);
    entry.digest = read_hex(digests_, row);
    entry.offset = row;
    entry.items = count(items, row);
    entry.steps_done = count(steps, row);
    read_value(statuses, row, entry.status);
    std::int64_t steps_planned = 0;
    read_value(planned, row, steps_planned);
    Trial trial;  // as much of it as its traces' lengths take
    read_value(models, row, trial.model);
    if (groups) trial.groups = count(*groups, row);
    require_possible(trial.model, entry.steps_done, steps_planned);
    entry.group_losses = static_cast<std::uint32_t>(trace_length("group_loss", trial, entry.steps_done));
    longest = std::max<std::uint64_t>(longest, entry.steps_done);
    most_losses = std::max<std::uint64_t>(most_losses, entry.group_losses);
    failed += entry.status == TrialStatus::failed;
    if (!entries.empty() && entry.id <= entries.back().id) refuse("trial " + to_hex(entry.id) + " is out of order");
    entries.push_back(entry);
  }
  require_trace_columns(longest, most_losses);
  if (failed != failed_ids_.table().grid.rows) refuse("its failures are not those of its trials");
  return entries;
}

/// Before memory is spent on them.
void RowReader::require_possible(ModelKind model, std::int64_t steps_done, std::int64_t steps) const {
  static const std::int64_t of_gaussian = most_steps(ModelKind::gaussian),
                            of_orthogonal = most_steps(ModelKind::orthogonal);
  if (model != ModelKind::gaussian && format_ < first_format_with_orthogonal)
    refuse("dataset trials/model_id has a model that its format did not have");
  if (steps_done > steps || steps_done > (model == ModelKind::orthogonal ? of_orthogonal : of_gaussian))
    refuse("dataset trials/steps_done has more steps than were to be done");
}

void RowReader::require_trace_columns(std::uint64_t most_steps, std::uint64_t most_group_losses) const {
  auto reader = trace_.begin();
  for_each_field_of<Trace>([&](const char* name, const std::vector<double>&) {
    const std::uint64_t most = is_by_step(name) ? most_steps : most_group_losses;
    if (*reader && (*reader)->table().grid.columns > std::max<std::uint64_t>(most, 1))
      refuse("dataset " + (*reader)->table().name + " has more numbers than its trials");
    ++reader;
  });
}

void RowReader::read_traces(std::uint64_t row, const Record& record, Trace& trace) {
  auto reader = trace_.begin();
  for_each_field(trace, [&](const char* name, std::vector<double>& values) {
    if (*reader) read_trace(**reader, row, trace_length(name, record.trial, record.result.steps_done), values);
    ++reader;
  });
}

void RowReader::read_trace(TableReader& reader, std::uint64_t row, std::uint64_t length, std::vector<double>& values) {
  const ChunkGrid& grid = reader.table().grid;
  if (length > grid.columns) refuse("dataset " + reader.table().name + " has fewer numbers than its trials");
  for (std::uint64_t done = 0; done < length;) {
    const std::byte* stored = reader.values(row, done / grid.chunk_columns);
    if (!stored) refuse("dataset " + reader.table().name + " misses numbers");
    const std::uint64_t count = std::min(length - done, grid.chunk_columns);
    values.resize(done + count);
    std::memcpy(values.data() + done, stored, count * sizeof(double));
    done += count;
  }
}

void RowReader::read_recall(std::uint64_t row, std::int64_t items, std::vector<std::int64_t>& counts) {
  const ChunkGrid& grid = recall_.table().grid;
  const std::vector<RankBin>& bins = limits_.of(items);
  if (bins.size() > grid.columns) refuse("dataset recall/recovered has fewer bins than items need");
  counts.assign(bins.size(), no_bin);
  for (std::uint64_t done = 0; done < bins.size(); done += grid.chunk_columns) {
    const std::byte* stored = recall_.values(row, done / grid.chunk_columns);
    const std::uint64_t count = std::min(bins.size() - done, grid.chunk_columns);
    for (std::uint64_t k = 0; stored && k < count; ++k) {
      std::int32_t number = 0;
      std::memcpy(&number, stored + k * sizeof number, sizeof number);
      counts[done + k] = number;
    }
  }
  if (std::all_of(counts.begin(), counts.end(), [](std::int64_t number) { return number == no_bin; })) {
    counts.clear();
    return;
  }
  for (std::size_t k = 0; k < bins.size(); ++k)
    if (counts[k] < 0 || counts[k] > bins[k].high - bins[k].low + 1) refuse("recall is not within its bin");
}

void RowReader::find_failures() {
  TableReader statuses = open_column("trials/status_id", ValueKind::code, catalog_->rows);
  std::vector<std::uint64_t> rows;
  for (std::uint64_t row = 0; row < catalog_->rows; ++row) {
    TrialStatus status{};
    read_value(statuses, row, status);
    if (status == TrialStatus::failed) rows.push_back(row);
    if (rows.size() > failed_ids_.table().grid.rows) break;
  }
  if (rows.size() != failed_ids_.table().grid.rows) refuse("its failures are not those of its trials");
  failed_rows_ = std::move(rows);
}

std::string RowReader::read_message(const IndexEntry& entry) {
  if (!failed_rows_) find_failures();
  const auto found = std::lower_bound(failed_rows_->begin(), failed_rows_->end(), entry.offset);
  const auto row = static_cast<std::uint64_t>(found - failed_rows_->begin());
  if (found == failed_rows_->end() || read_hex(failed_ids_, row) != entry.id)
    refuse("the failure of trial " + to_hex(entry.id) + " is missing");
  std::string message;
  read_value(messages_, row, message);
  return message;
}

Record RowReader::read(const IndexEntry& entry, RecordParts parts) {
  const std::uint64_t row = entry.offset;
  Record record;
  read_fields(trial_, row, record.trial);
  read_fields(result_, row, record.result);
  if (record.trial.items != std::int64_t{entry.items} || record.result.steps_done != std::int64_t{entry.steps_done} ||
      trial_id(record.trial) != entry.id)
    refuse("the parameters of trial " + to_hex(entry.id) + " have another id");
  try {
    require_own_fields(record.trial, record.result);
  } catch (const std::out_of_range& error) {
    refuse("trial " + to_hex(entry.id) + ": " + error.what());
  }
  if (parts.trace) read_traces(row, record, record.trace);
  if (parts.recall) read_recall(row, record.trial.items, record.recall);
  if (parts.cost) read_fields(cost_, row, record.cost);
  if (record.result.status == TrialStatus::failed) record.message = read_message(entry);
  if (parts.trace && parts.recall && outcome_digest(record) != entry.digest)
    refuse("the outcome of trial " + to_hex(entry.id) + " does not match its digest");
  return record;
}

}  // namespace memscale
