#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "memscale/store/catalog.hpp"
#include "memscale/store/record_source.hpp"
#include "recall_limits.hpp"
#include "snapshot_layout.hpp"
#include "table_reader.hpp"

namespace memscale {

/// Reads the records of a snapshot row by row, by its catalog. All that it is given must outlive it. Every function
/// throws InputError for a damaged file.
class RowReader {
 public:
  RowReader(const FileDescriptor& file, const std::filesystem::path& path, std::int64_t format, const Catalog& catalog);
  RowReader(const RowReader&) = delete;
  RowReader& operator=(const RowReader&) = delete;

  std::vector<IndexEntry> entries();
  Record read(const IndexEntry& entry, RecordParts parts);

 private:
  /// Readers of a part's fields, in their order; none of one that the format does not have.
  using FieldReaders = std::vector<std::optional<TableReader>>;
  template <class Part>
  FieldReaders open_fields();
  TableReader open_column(const std::string& name, ValueKind kind, std::uint64_t rows);
  TableReader open_table(const std::string& name, ValueKind kind);
  const CatalogTable& find(const std::string& name, ValueKind kind) const;
  template <class Part>
  void read_fields(FieldReaders& readers, std::uint64_t row, Part& part);
  template <class Value>
  void read_value(TableReader& reader, std::uint64_t row, Value& value);
  std::uint64_t read_hex(TableReader& reader, std::uint64_t row);
  void read_traces(std::uint64_t row, const Record& record, Trace& trace);
  void read_trace(TableReader& reader, std::uint64_t row, std::uint64_t length, std::vector<double>& values);
  void read_recall(std::uint64_t row, std::int64_t items, std::vector<std::int64_t>& counts);
  void require_possible(ModelKind model, std::int64_t steps_done, std::int64_t steps) const;
  void require_trace_columns(std::uint64_t most_steps, std::uint64_t most_group_losses) const;
  std::string read_message(const IndexEntry& entry);
  void find_failures();
  [[noreturn]] void refuse(const std::string& why) const;

  const FileDescriptor* file_;
  const std::filesystem::path* path_;
  std::int64_t format_;
  const Catalog* catalog_;
  ChunkDecoder decoder_;
  RecallLimits limits_;
  TableReader ids_, digests_;
  FieldReaders trial_, result_, trace_, cost_;
  TableReader recall_, failed_ids_, messages_;
  std::optional<std::vector<std::uint64_t>> failed_rows_;  ///< ascending
};

}  // namespace memscale
