#include "memscale/commands/store_report.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <sstream>
#include <system_error>

#include "memscale/commands/job_trials.hpp"
#include "memscale/commands/run_options.hpp"
#include "memscale/commands/trial_text.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/core/text.hpp"
#include "memscale/store/journal.hpp"
#include "memscale/store/store_view.hpp"

namespace memscale {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_messages = 1000;  // each may name its trial

void look_at_files(StoreReport& report, const StorePath& path) {
  struct stat status {};
  if (::stat(path.snapshot.c_str(), &status) == 0) {
    report.snapshot_bytes = static_cast<std::uint64_t>(status.st_size);
    report.snapshot_made =
        static_cast<double>(status.st_mtim.tv_sec) + 1e-9 * static_cast<double>(status.st_mtim.tv_nsec);
  }
  for (const fs::path& segment : journal_segments(path.journal)) {
    if (::stat(segment.c_str(), &status) != 0) continue;  // the run has just ended
    ++report.segments;
    report.journal_bytes += static_cast<std::uint64_t>(status.st_size);
  }
}

void look_at_trials(StoreReport& report, const RecordSource& source, FailedTrials failed) {
  std::map<std::string, StoreReport::Failure> failures;
  source.for_each(
      [&](const Record& record, const IndexEntry& entry) {
        ++report.trials.at(static_cast<std::size_t>(entry.status));
        if (entry.length > 0) ++report.journal_trials;  // it stands in a segment
        report.last_result = std::max(report.last_result.value_or(0), record.cost.started + record.cost.seconds);
        if (entry.is_finished()) return;
        if (failed == FailedTrials::listed)
          report.failed_trials.push_back({entry.id, record.message, other_fields_text(record.trial, {})});
        if (failures.size() == most_messages && !failures.contains(record.message)) return;
        StoreReport::Failure& failure = failures[record.message];
        if (failure.count++ == 0) failure = {record.message, 1, entry.id};
      },
      {.trace = false, .recall = false, .cost = true});
  for (const auto& [message, failure] : failures) report.failures.push_back(failure);
  std::stable_sort(report.failures.begin(), report.failures.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
}

/// The job file that a command line as Provenance has it names; empty if that cannot be told.
std::string job_name(const std::string& command_line) {
  std::istringstream in(command_line);
  std::vector<std::string> words{std::istream_iterator<std::string>(in), {}};
  if (words.size() < 2) return {};
  words.erase(words.begin(), words.begin() + 2);  // memscale run
  try {
    return parse_run_options(words).job.filename().string();
  } catch (const InputError&) {
    return {};
  }
}

/// The jobs' trials of which the store holds nothing.
void look_at_jobs(StoreReport& report, const StoreView& view) {
  report.jobs = view.provenance.jobs.size();
  const JobTrials jobs = trials_of(view.provenance.jobs);
  report.problems = jobs.problems;
  if (!jobs.problems.empty()) return;  // how many trials those jobs have is not known
  std::size_t pending = 0;
  auto held = view.source.entries.begin();
  for (const std::uint64_t id : jobs.ids) {
    while (held != view.source.entries.end() && held->id < id) ++held;
    pending += held == view.source.entries.end() || held->id != id;
  }
  report.pending = pending;
}

}  // namespace

StoreReport report_on(const fs::path& store, FailedTrials failed) try {
  const StorePath path = resolve_store_path(store);
  StoreReport report;
  const StoreUse before = use_of(path);
  const StoreView view = open_store(store);
  report.format = view.format;
  look_at_files(report, path);
  look_at_trials(report, view.source, failed);
  look_at_jobs(report, view);
  report.use = use_of(path);
  if (before == StoreUse::idle && report.use == StoreUse::idle) report.notes = view.notes;
  report.holder = last_holder(path);
  report.state = read_run_state(path);
  report.job = report.state ? report.state->job : job_name(view.provenance.command_line);
  return report;
} catch (const std::system_error& error) {
  throw invalid_store(store, std::string("cannot be read: ") + error.what());
}

RunPhase phase_of(const StoreReport& report, double now) {
  constexpr double silence = 90;  // seconds; a network's file system may show files that are a minute old
  const std::optional<RunState>& state = report.state;
  switch (report.use) {
    case StoreUse::in_use: {
      // Another run's state stays until the new one has written its own.
      const bool is_own = state && report.holder && report.holder->pid == to_text(state->pid);
      return is_own && now - state->updated > silence ? RunPhase::silent : RunPhase::at_work;
    }
    case StoreUse::unknown:
      return report.holder ? RunPhase::perhaps : RunPhase::none;
    case StoreUse::idle:
      break;
  }
  if (!state) return RunPhase::none;
  return state->ending.empty() ? RunPhase::died : RunPhase::ended;
}

TrialCounts counts_of(const StoreReport& report, double now) {
  TrialCounts counts;
  const std::size_t held = std::accumulate(report.trials.begin(), report.trials.end(), std::size_t{0});
  const RunPhase phase = phase_of(report, now);
  const bool is_live = phase == RunPhase::at_work || phase == RunPhase::silent;
  if (is_live && report.state) counts.running = static_cast<std::size_t>(report.state->running);
  counts.pending = report.pending;
  if (is_live && report.state && report.jobs == 0)  // nothing is written yet that would name the job
    counts.pending = static_cast<std::size_t>(report.state->pending + report.state->running);
  // Trials that rounds of seeds have added are in no job: the run, or the last word of one that left them, tells them.
  if (report.state && report.state->round > 0 && counts.pending && phase != RunPhase::none)
    *counts.pending += static_cast<std::size_t>(report.state->pending + report.state->running);
  counts.total = held + counts.pending.value_or(counts.running);
  if (counts.pending) {
    counts.running = std::min(counts.running, *counts.pending);  // the state is a moment older
    *counts.pending -= counts.running;
  }
  return counts;
}

int check_status(const StoreReport& report) {
  const bool is_adding = report.state && report.state->adds_seeds > 0;  // the state goes when the last round is done
  if (report.jobs == 0 || report.pending != std::size_t{0} || report.journal_trials > 0 || is_adding)
    return exit_work_left;
  return report.trials.at(static_cast<std::size_t>(TrialStatus::failed)) > 0 ? exit_failures : exit_done;
}

}  // namespace memscale
