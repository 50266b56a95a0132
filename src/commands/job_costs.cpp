#include "memscale/commands/job_costs.hpp"

#include "memscale/schedule/calibration.hpp"

namespace memscale {

CostModel learn_records(const RecordSource& source, int threads, std::optional<std::uint64_t> but) {
  CostModel model;
  source.for_each(
      [&](const Record& record, const IndexEntry& entry) {
        if (entry.id != but && record.cost.threads == threads) model.learn(record);
      },
      {.trace = false, .recall = false, .cost = true});
  return model;
}

JobCosts costs_of(const std::vector<Trial>& trials, const RecordSource* source, int threads) {
  if (source) {
    CostModel model = learn_records(*source, threads);
    const std::size_t learnt = model.learnt();
    if (learnt > 0)
      return {std::move(model), "from " + std::to_string(learnt) + " finished trial" + (learnt == 1 ? "" : "s")};
  }
  return {calibrate(trials, threads), "estimated from a second's calibration on this machine"};
}

}  // namespace memscale
