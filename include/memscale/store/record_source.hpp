#pragma once

#include <algorithm>
#include <cstddef>
#include <future>
#include <memory>
#include <span>
#include <vector>

#include "memscale/experiment/record_bytes.hpp"
#include "memscale/experiment/result.hpp"
#include "memscale/store/record_index.hpp"

namespace memscale {

/// Which parts of a record are read beside trial, result and message; others are left empty.
struct RecordParts {
  bool trace = true;
  bool recall = true;
  bool cost = true;
};

/// An open file that holds records; what happens to its name meanwhile does not matter. One thread.
class RecordFile {
 public:
  virtual ~RecordFile() = default;
  /// The record of one of this file's entries. Cheapest in ascending order of `offset`. Throws InputError for a damaged
  /// file, std::system_error for one that cannot be read.
  virtual Record read(const IndexEntry& entry, RecordParts parts) = 0;
  /// Another reader of the same open file, for another thread.
  virtual std::shared_ptr<RecordFile> twin() const = 0;
};

/// Records of one store or several, one a trial, ascending by id: read in pieces, for all of them may not fit into
/// memory.
struct RecordSource {
  std::vector<std::shared_ptr<RecordFile>> files;
  std::vector<IndexEntry> entries;  ///< IndexEntry::file counts `files`

  Record read(const IndexEntry& entry, RecordParts parts = {}) const { return files[entry.file]->read(entry, parts); }

  /// Calls f(record, entry) for each.
  template <class F>
  void for_each(F&& f, RecordParts parts = {}) const {
    for (const IndexEntry& entry : entries) f(read(entry, parts), entry);
  }
  /// The same in the calling thread, while another one reads the next records.
  template <class F>
  void for_each_read_ahead(F&& f, RecordParts parts = {}) const {
    constexpr std::size_t batch = 2048;
    const auto read_from = [&](std::size_t begin) {
      std::vector<Record> records;
      const std::size_t end = std::min(begin + batch, entries.size());
      records.reserve(end - begin);
      for (std::size_t i = begin; i < end; ++i) records.push_back(read(entries[i], parts));
      return records;
    };
    const auto start = [&](std::size_t begin) { return std::async(std::launch::async, read_from, begin); };
    if (entries.empty()) return;
    std::future<std::vector<Record>> next = start(0);
    for (std::size_t begin = 0; begin < entries.size(); begin += batch) {
      const std::vector<Record> records = next.get();
      if (begin + batch < entries.size()) next = start(begin + batch);
      for (std::size_t i = 0; i < records.size(); ++i) f(records[i], entries[begin + i]);
    }
  }
  /// The same records through files of their own, for another thread.
  RecordSource twin() const {
    RecordSource copy{{}, entries};
    for (const auto& file : files) copy.files.push_back(file->twin());
    return copy;
  }
};

/// Records in memory; an entry's offset is the place in the list.
class RecordList : public RecordFile {
 public:
  explicit RecordList(std::vector<Record> records)
      : records_(std::make_shared<const std::vector<Record>>(std::move(records))) {}
  Record read(const IndexEntry& entry, RecordParts) override { return records_->at(entry.offset); }
  std::shared_ptr<RecordFile> twin() const override { return std::make_shared<RecordList>(*this); }

 private:
  std::shared_ptr<const std::vector<Record>> records_;
};

/// `record`'s entry at `offset` of file number `file`, of no length.
IndexEntry index_entry(const Record& record, std::uint64_t offset, std::uint32_t file = 0);
/// The same of the trial `id`, from its record's summary; offset and length are 0.
IndexEntry index_entry(std::uint64_t id, const RecordSummary& summary, std::uint32_t file = 0);

/// A source of these records, in any order, one a trial.
RecordSource source_of(std::vector<Record> records);

}  // namespace memscale
