#pragma once

#include <optional>
#include <string>
#include <vector>

#include "memscale/schedule/cost_model.hpp"
#include "memscale/store/record_source.hpp"

namespace memscale {

/// Learns from a store's finished trials that ran on so many threads; not from the trial `but`.
CostModel learn_records(const RecordSource& source, int threads, std::optional<std::uint64_t> but = {});

/// Seconds of trials, and where that is known from.
struct JobCosts {
  CostModel model;
  std::string basis;  ///< "from 1204 finished trials", "estimated from a second's calibration on this machine"
};

/// From a store's finished trials if it is given and has some; else from small trials run here, for about a second.
JobCosts costs_of(const std::vector<Trial>& trials, const RecordSource* source, int threads);

}  // namespace memscale
