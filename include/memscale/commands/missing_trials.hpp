#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "memscale/commands/run_tally.hpp"
#include "memscale/experiment/job_file.hpp"
#include "memscale/schedule/cost_model.hpp"
#include "memscale/schedule/scheduler.hpp"
#include "memscale/store/attempt_log.hpp"
#include "memscale/store/result_store.hpp"

namespace memscale {

/// What a store lacks of a job.
struct MissingTrials {
  std::vector<Trial> trials;        ///< without a finished result, in their order
  std::vector<Trial> suspects;      ///< of those, set apart: their rank has died
  std::vector<Trial> alone;         ///< likewise, and once more will be too often
  std::vector<Record> quarantined;  ///< records of trials that are not to be run any more
};

/// Takes the job's trials. Finished results, and trials quarantined before, are added to `tally`.
MissingTrials take_missing(Job& job, const ResultStore& store, AttemptLog& attempts, RunTally& tally);

/// What the job's finished trials in the store, of so many threads, teach of costs; some hundred of them are read.
CostModel learn_costs(const Job& job, const ResultStore& store, int threads);

/// Of a run's policy: suspects last, and those that must be alone then.
Scheduler make_scheduler(MissingTrials missing, const RunPolicy& policy, int ranks, CostModel model);

/// "quarantined: its rank died 3 times while it ran", and the number in such a message, 0 in others.
std::string quarantine_message(int deaths);
int quarantined_deaths(const std::string& message);

}  // namespace memscale
