#pragma once

#include <cmath>
#include <deque>
#include <functional>
#include <limits>
#include <vector>

#include "memscale/analysis/aggregate.hpp"
#include "memscale/analysis/orthogonal_laws.hpp"
#include "memscale/experiment/result.hpp"
#include "memscale/experiment/trace_length.hpp"
#include "memscale/experiment/trial_groups.hpp"

namespace memscale {

/// K = 1000 in 10 groups of Zipf exponent 1.5.
inline Trial orthogonal_trial(OptimizerKind optimizer, std::int64_t steps, double eta) {
  Trial trial;
  trial.model = ModelKind::orthogonal;
  trial.d = 1000;
  trial.groups = 10;
  trial.optimizer = optimizer;
  trial.steps = steps;
  trial.eta = eta;
  trial.spectra_measure = SpectraMeasure::final;
  return trial;
}

inline Trial two_group_trial(OptimizerKind optimizer, std::int64_t d, double eta) {
  Trial trial = orthogonal_trial(optimizer, 1, eta);
  trial.d = d;
  trial.frequencies = FrequencyKind::two_groups;
  trial.head_mass = 0.8;
  trial.head_share = 0.2;
  return trial;
}

/// Loss of group g (0: of all items) after a step.
using PlantedLoss = std::function<double(std::int64_t group, double step)>;

/// A canonical trial's record with these losses, above a floor.
inline Record orthogonal_record(const Trial& trial, const PlantedLoss& loss, double floor = 0) {
  Record record;
  record.trial = canonical(trial);
  const std::int64_t steps = record.trial.steps;
  Result& result = record.result;
  result.steps_done = steps;
  result.loss_floor = floor;
  for (std::int64_t t = 1; t <= steps; ++t) {
    record.trace.gap.push_back(loss(0, static_cast<double>(t)));
    record.trace.max_probability.push_back(0.5 + 0.4 * static_cast<double>(t) / static_cast<double>(steps));
    record.trace.min_probability.push_back(0.5);
  }
  for (std::int64_t step : group_loss_steps(steps))
    for (const RankBin& bin : group_bins(record.trial))
      record.trace.group_loss.push_back(floor + loss(bin.low, static_cast<double>(step)));
  result.gap = record.trace.gap.back();
  result.loss = floor + result.gap;
  result.max_probability = record.trace.max_probability.back();
  result.min_probability = record.trace.min_probability.back();
  result.imbalance = result.max_probability - result.min_probability;
  return record;
}

/// The laws of these records, whose runs live on: laws point to them.
inline OrthogonalLaws planted_laws(const std::vector<Record>& records) {
  static std::deque<Aggregate> kept;
  return fit_orthogonal(kept.emplace_back(aggregate(records)));
}

}  // namespace memscale
