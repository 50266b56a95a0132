#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// One record a trial. A finished record (ok, diverged) replaces a failed one; of two failed ones the later stays; of
/// two finished ones the first stays, and they must agree in result, trace and recall.
class RecordSet {
 public:
  /// Returns whether the set has changed. Throws std::runtime_error naming the id for two finished records of one
  /// trial that disagree.
  bool add(std::uint64_t id, const Record& record);

  /// Throws what add would throw.
  void require_agreement(std::uint64_t id, const Record& record) const;

  /// In the order of their first arrival.
  const std::vector<Record>& records() const { return records_; }
  bool has_result(std::uint64_t id) const;

 private:
  std::vector<Record> records_;
  std::unordered_map<std::uint64_t, std::size_t> index_;
};

/// Records and their trials' ids, ascending.
struct SortedRecords {
  std::vector<std::uint64_t> ids;
  std::vector<Record> records;
};

SortedRecords sort_by_id(std::vector<Record> records);
/// The same without the ids.
std::vector<Record> sorted_by_id(std::vector<Record> records);

}  // namespace memscale
