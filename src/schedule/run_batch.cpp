#include "memscale/schedule/run_batch.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace memscale {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds report_interval{500};  // what a rank has not reported is lost if it dies
constexpr std::size_t most_records = 256;  // of a report: they are still in the cache when they are stored

}  // namespace

void run_batch(int rank, const std::vector<Trial>& trials, const TrialRunner& run, const TrialCall& call,
               const std::function<void(Report)>& report) {
  const auto fresh = [&] {
    Report report{.rank = rank, .records = {}, .returned = {}, .idle = false};
    report.records.reserve(std::min(most_records, trials.size()));
    return report;
  };
  Report next = fresh();
  const bool leads = !call.group || call.group->rank() == 0;
  auto reported = Clock::now();
  for (const Trial& trial : trials) {
    // The others of a group have begun: they learn of an interruption between steps.
    const bool stops_here = !call.group && call.interrupted && call.interrupted();
    std::optional<Record> record = stops_here ? std::nullopt : run(trial, call);
    if (!leads) continue;
    const bool failed = record && record->result.status == TrialStatus::failed;  // may have to end the run
    if (record)
      next.records.push_back(std::move(*record));
    else
      next.returned.push_back(trial);
    const bool many = next.records.size() == most_records && &trial != &trials.back();
    if (const auto now = Clock::now(); failed || many || now - reported >= report_interval) {
      report(std::exchange(next, fresh()));
      reported = now;
    }
  }
  next.idle = true;
  report(std::move(next));
}

}  // namespace memscale
