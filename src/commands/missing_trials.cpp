#include "memscale/commands/missing_trials.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "memscale/commands/run_clock.hpp"
#include "memscale/core/process.hpp"

namespace memscale {

namespace {

constexpr std::string_view message_start = "quarantined: its rank died ";
constexpr std::string_view message_end = " times while it ran";

Record quarantine_record(const Trial& trial, int deaths) {
  Record record;
  record.trial = trial;
  record.result = Result{.status = TrialStatus::failed};
  record.cost.started = time_of_day();
  record.cost.host = host_name();
  record.message = quarantine_message(deaths);
  return record;
}

/// Of a trial that is held; empty where the disk fails now, which is not the time to end for it.
std::string message_of(const ResultStore& store, std::uint64_t id) try {
  return store.find(id)->message;
} catch (const std::system_error&) {
  return "";
}

}  // namespace

std::string quarantine_message(int deaths) {
  return std::string(message_start) + std::to_string(deaths) + std::string(message_end);
}

int quarantined_deaths(const std::string& message) {
  if (!message.starts_with(message_start) || !message.ends_with(message_end)) return 0;
  int deaths = 0;
  std::from_chars(message.data() + message_start.size(), message.data() + message.size(), deaths);
  return deaths;
}

MissingTrials take_missing(Job& job, const ResultStore& store, AttemptLog& attempts, RunTally& tally) {
  MissingTrials missing;
  const int limit = job.policy.quarantine;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < job.ids.size(); ++i) {
    const std::uint64_t id = job.ids[i];
    const std::optional<TrialStatus> status = store.status_of(id);
    if (status && *status != TrialStatus::failed) {
      attempts.forget(id);
      tally.add_stored(*status);
      continue;
    }
    const auto found = attempts.deaths().find(id);
    int deaths = found == attempts.deaths().end() ? 0 : found->second;
    const int before = status ? quarantined_deaths(message_of(store, id)) : 0;
    if (limit > 0 && before >= limit) {
      tally.add_stored(TrialStatus::failed);
      continue;
    }
    deaths = std::max(deaths, before);
    if (limit > 0 && deaths >= limit)
      missing.quarantined.push_back(quarantine_record(job.trials[i], deaths));
    else if (deaths > 0)
      (deaths + 1 == limit ? missing.alone : missing.suspects).push_back(job.trials[i]);
    else if (kept++ != i)
      job.trials[kept - 1] = job.trials[i];
  }
  job.trials.resize(kept);
  missing.trials = std::move(job.trials);
  return missing;
}

CostModel learn_costs(const Job& job, const ResultStore& store, int threads) {
  constexpr std::size_t most = 300;
  CostModel model;
  try {
    const std::size_t stride = std::max<std::size_t>(1, store.size() / most);
    std::size_t finished = 0;
    for (std::uint64_t id : job.ids)
      if (store.has_result(id) && finished++ % stride == 0)
        if (const auto record = store.find(id); record->cost.threads == threads) model.learn(*record);
  } catch (const std::system_error&) {
    // The disk fails: what is known is enough to begin with.
  }
  return model;
}

Scheduler make_scheduler(MissingTrials missing, const RunPolicy& policy, int ranks, CostModel model) {
  SchedulerOptions options;
  options.ranks = ranks;
  options.ranks_per_trial = policy.ranks_per_trial;
  Scheduler scheduler(std::move(missing.trials), options, std::move(model));
  for (const Trial& trial : missing.suspects) scheduler.put_last(trial, false);
  for (const Trial& trial : missing.alone) scheduler.put_last(trial, true);
  return scheduler;
}

}  // namespace memscale
