#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "field_block.hpp"
#include "memscale/store/record_source.hpp"
#include "snapshot_image.hpp"
#include "strip_writer.hpp"
#include "text_codes.hpp"

namespace memscale {

// The groups of a snapshot that grow with the records, see snapshot.hpp. Each takes the records in their order, one by
// one, keeps a block of them at most, and gives its datasets for the catalog at the end.

/// Writes a one-dimensional dataset of texts, all at once.
CatalogTable write_text_dataset(SnapshotImage& image, const std::string& name, const TextCodes& texts,
                                std::size_t width);

/// /trials
class TrialsGroup {
 public:
  TrialsGroup(SnapshotImage& image, std::uint64_t rows);
  void add(const Record& record, const IndexEntry& entry);
  void finish(std::vector<CatalogTable>& tables) &&;

 private:
  /// An enum's names, which stand beside its codes for people; memscale reads the codes.
  struct Names {
    std::size_t field;
    std::vector<std::byte> texts;  ///< of code 0, 1, ...
    ImageDataset dataset;
  };
  template <class Part>
  struct Fields {
    FieldBlock<Part> block;
    std::vector<ImageDataset> datasets;
    std::vector<Names> names;
  };
  template <class Part>
  Fields<Part> make_fields(std::size_t block_rows);
  template <class Part>
  void write_fields(Fields<Part>& fields);
  void write_block();

  SnapshotImage* image_;
  std::uint64_t rows_, written_ = 0;
  ImageDataset ids_, digests_;
  std::vector<std::byte> id_block_, digest_block_;
  Fields<Trial> trial_;
  Fields<Result> result_;
};

/// /traces
class TracesGroup {
 public:
  TracesGroup(SnapshotImage& image, const std::vector<IndexEntry>& entries);
  void add(Trace trace);
  void finish(std::vector<CatalogTable>& tables) &&;

 private:
  std::vector<StripWriter<double, double>> traces_;
};

/// /recall
class RecallGroup {
 public:
  RecallGroup(SnapshotImage& image, const std::vector<IndexEntry>& entries);
  /// Throws Hdf5Error for counts beyond 32 bits.
  void add(std::vector<std::int64_t> recall);
  void finish(std::vector<CatalogTable>& tables) &&;

 private:
  std::vector<StripWriter<std::int32_t, std::int64_t>> recovered_;  ///< one
};

/// /failures, written when it is finished.
class FailuresGroup {
 public:
  void add(const Record& record, const IndexEntry& entry);
  void finish(SnapshotImage& image, std::vector<CatalogTable>& tables) &&;

 private:
  std::vector<std::uint64_t> ids_;
  TextCodes messages_;
};

/// /cost, written when it is finished, behind all else: its chunks differ in size from run to run and must not move
/// others. Keeps them in memory until then, compressed.
class CostGroup {
 public:
  CostGroup(SnapshotImage& image, std::uint64_t rows);
  void add(const Cost& cost);
  void finish(const std::string& command_line, std::vector<CatalogTable>& tables) &&;

 private:
  struct Chunk {
    std::size_t field;
    std::uint64_t index;
    std::vector<std::byte> bytes;
  };
  void keep_block();

  SnapshotImage* image_;
  std::uint64_t rows_, kept_ = 0;
  FieldBlock<Cost> block_;
  std::vector<TextCodes> texts_;  ///< one a field; used for texts
  std::vector<Chunk> chunks_;
};

}  // namespace memscale
