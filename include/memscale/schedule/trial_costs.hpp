#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "memscale/schedule/cost_model.hpp"

namespace memscale {

/// What each of many trials is expected to cost. Trials that differ in their seed alone are of one kind and cost the
/// same: the model is asked once for all of a kind.
class TrialCosts {
 public:
  TrialCosts(std::span<const Trial> trials, const CostModel& model);

  const CostModel::Seconds& operator[](std::size_t trial) const { return seconds_[kind_[trial]]; }
  std::size_t kinds() const { return example_.size(); }

  /// The last of the trials is new.
  void add(std::span<const Trial> trials, const CostModel& model);
  /// These two trials change places.
  void swap(std::size_t a, std::size_t b);
  /// The costs, by what the model has learnt since.
  void update(std::span<const Trial> trials, const CostModel& model);

 private:
  std::uint32_t number(std::span<const Trial> trials, std::size_t trial);

  std::vector<std::uint32_t> kind_;     ///< by trial
  std::vector<std::uint32_t> example_;  ///< by kind: a trial
  std::vector<CostModel::Seconds> seconds_;
  std::unordered_map<std::uint64_t, std::uint32_t> kind_of_id_;  ///< by the id of the trial with seed 0
};

}  // namespace memscale
