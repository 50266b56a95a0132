#include "memscale/commands/store_report.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <system_error>

#include "memscale/commands/job_trials.hpp"
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

void look_at_trials(StoreReport& report, const RecordSource& source) {
  std::map<std::string, StoreReport::Failure> failures;
  source.for_each(
      [&](const Record& record, const IndexEntry& entry) {
        ++report.trials.at(static_cast<std::size_t>(entry.status));
        if (entry.length > 0) ++report.journal_trials;  // it stands in a segment
        report.last_result = std::max(report.last_result.value_or(0), record.cost.started + record.cost.seconds);
        if (entry.is_finished()) return;
        if (failures.size() == most_messages && !failures.contains(record.message)) return;
        StoreReport::Failure& failure = failures[record.message];
        if (failure.count++ == 0) failure = {record.message, 1, entry.id};
      },
      {.trace = false, .recall = false, .cost = true});
  for (const auto& [message, failure] : failures) report.failures.push_back(failure);
  std::stable_sort(report.failures.begin(), report.failures.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
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

StoreReport report_on(const fs::path& store) try {
  const StorePath path = resolve_store_path(store);
  StoreReport report;
  const StoreUse before = use_of(path);
  const StoreView view = open_store(store);
  report.format = view.format;
  look_at_files(report, path);
  look_at_trials(report, view.source);
  look_at_jobs(report, view);
  report.use = use_of(path);
  if (before == StoreUse::idle && report.use == StoreUse::idle) report.notes = view.notes;
  report.holder = last_holder(path);
  return report;
} catch (const std::system_error& error) {
  throw invalid_store(store, std::string("cannot be read: ") + error.what());
}

}  // namespace memscale
