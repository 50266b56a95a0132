#include <algorithm>

#include "memscale/commands/store_report.hpp"
#include "memscale/commands/time_text.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr std::size_t most_failures = 3;

std::string age_text(double seconds) {
  return span_text(seconds) + " ago";
}

std::string count_text(std::size_t count, const std::string& noun) {
  return std::to_string(count) + ' ' + noun + (count == 1 ? "" : "s");
}

std::string trials_text(const StoreReport& report, double now) {
  std::string text;
  for (std::size_t code = 0; code < report.trials.size(); ++code)
    text += std::to_string(report.trials[code]) + ' ' + std::string(EnumNames<TrialStatus>::names[code]) + ", ";
  const TrialCounts counts = counts_of(report, now);  // knows the trials that rounds add
  if (!counts.pending) return text + "pending not known";
  return text + std::to_string(*counts.pending + counts.running) + " pending";
}

std::string run_text(const StoreReport& report) {
  const std::string who = report.holder ? "process " + report.holder->pid + " on " + report.holder->host + ", since " +
                                              report.holder->started
                                        : "by whom is not known";
  switch (report.use) {
    case StoreUse::in_use:
      return "at work: " + who;
    case StoreUse::unknown:
      return report.holder ? "perhaps at work: " + who : "none";
    case StoreUse::idle:
      break;
  }
  return report.holder ? "none (the last, " + who + ", left a journal)" : "none";
}

std::string snapshot_text(const StoreReport& report, double now) {
  if (!report.snapshot_made) return "none";
  return std::to_string(report.snapshot_bytes) + " bytes, made " + age_text(now - *report.snapshot_made);
}

std::string journal_text(const StoreReport& report) {
  if (report.segments == 0) return "none";
  return std::to_string(report.journal_bytes) + " bytes in " + count_text(report.segments, "segment") + ", " +
         count_text(report.journal_trials, "trial") + " that the snapshot does not hold";
}

}  // namespace

std::string report_text(const StoreReport& report, const std::string& store, double now) {
  std::string text;
  const auto line = [&](const char* name, const std::string& what) {
    text.append(name).append(": ").append(what).append("\n");
  };
  line("store", printable(store) + ", " + (report.format == 0 ? "empty" : "format " + to_text(report.format)) + ", " +
                    count_text(report.jobs, "job"));
  line("trials", trials_text(report, now));
  line("run", run_text(report));
  line("last result", report.last_result ? age_text(now - *report.last_result) : "none");
  line("snapshot", snapshot_text(report, now));
  line("journal", journal_text(report));
  std::size_t not_shown = report.trials.at(static_cast<std::size_t>(TrialStatus::failed));
  for (std::size_t i = 0; i < std::min(report.failures.size(), most_failures); ++i) {
    const StoreReport::Failure& failure = report.failures[i];
    not_shown -= failure.count;
    line("failed", std::to_string(failure.count) + " x \"" + printable(failure.message) + "\", memscale replay " +
                       to_hex(failure.first));
  }
  if (not_shown > 0) line("failed", count_text(not_shown, "trial") + " with other messages");
  constexpr std::size_t most_problems = 3;
  for (std::size_t i = 0; i < std::min(report.problems.size(), most_problems); ++i) line("unknown", report.problems[i]);
  if (report.problems.size() > most_problems)
    line("unknown", count_text(report.problems.size() - most_problems, "job") + " more");
  return text;
}

}  // namespace memscale
