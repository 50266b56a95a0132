#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// "FIELD=VALUE,VALUE": one of the values is what a record holds in trial_id or in a field of Trial or Result.
class FieldCondition {
 public:
  /// Numbers agree as numbers (1e5 is 100000, nan is NaN), enums by name. Throws InputError for an unknown field (with
  /// the nearest one) and a value that the field cannot have.
  explicit FieldCondition(std::string_view text);

  /// Uses trial and result alone.
  bool holds(const Record& record) const;

 private:
  template <class T>
  void read_values(std::string_view text);
  template <class T>
  bool accepts(const T& value) const;

  std::size_t place_ = 0;               ///< of the field: 0 is trial_id, then those of Trial and Result
  std::vector<std::uint64_t> ids_;      ///< of trial_id
  std::vector<std::int64_t> integers_;  ///< or an enum's codes
  std::vector<double> reals_;
  std::string field_;
};

/// Which records are meant: those for which all conditions hold.
struct RecordFilter {
  std::vector<TrialStatus> statuses;  ///< one of these; empty: any
  std::vector<FieldCondition> conditions;

  bool matches(const Record& record) const;
};

}  // namespace memscale
