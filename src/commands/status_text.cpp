#include "memscale/commands/status_text.hpp"

#include <algorithm>
#include <cstdio>

#include "memscale/commands/progress.hpp"
#include "memscale/commands/time_text.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

std::size_t count_of(const StoreReport& report, TrialStatus status) {
  return report.trials.at(static_cast<std::size_t>(status));
}

std::string percent_text(double fraction, const char* pattern) {
  char text[32];
  std::snprintf(text, sizeof text, pattern, 100 * fraction);
  return text;
}

std::string hours_text(double seconds) {
  return brief_text(seconds / 3600);
}

std::string who(const RunState& state) {
  return "process " + to_text(state.pid) + " on " + printable(state.host);
}

/// "elapsed 1:42:10  ETA 0:38:00 +- 0:06:00  core-h 108 of about 149  busy 96%  2 ranks  last heard 1 s ago"
std::string live_line(const RunState& state, double now) {
  std::string line = "elapsed " + clock_text(now - state.started);
  if (state.eta_seconds) line += "  " + eta_text(*state.eta_seconds, state.eta_error);
  line += "  core-h " + hours_text(state.core_seconds_done) + " of about " +
          hours_text(state.core_seconds_done + state.core_seconds_left);
  line += "  busy " + percent_text(state.busy, "%.0f%%");
  line += "  " + to_text(state.ranks) + (state.ranks == 1 ? " rank" : " ranks");
  if (state.threads > 1) line += " of " + to_text(state.threads) + " threads";
  return line + "  last heard " + span_text(now - state.updated) + " ago\n";
}

/// The trials at work when the state was written, those that began first on top.
std::string trial_lines(const RunState& state, const std::string& name) {
  constexpr std::size_t most = 5;
  std::vector<RunningTrial> trials = state.trials;
  std::stable_sort(trials.begin(), trials.end(), [](const auto& a, const auto& b) { return a.since < b.since; });
  std::string lines;
  for (std::size_t i = 0; i < std::min(most, trials.size()); ++i) {
    const RunningTrial& trial = trials[i];
    lines += name + ": " + to_hex(trial.id) + " on rank " + to_text(trial.rank);
    if (trial.ranks > 1) lines += " and " + to_text(trial.ranks - 1) + " more";
    lines +=
        " for " + span_text(state.updated - trial.since) + " of about " + seconds_text(trial.expected_seconds) + '\n';
  }
  const auto shown = static_cast<std::int64_t>(std::min(most, trials.size()));
  if (state.running > shown) lines += name + ": " + to_text(state.running - shown) + " more\n";
  return lines;
}

std::string dead_line(const RunState& state, double now) {
  return "died: " + who(state) + ", last alive " + span_text(now - state.updated) + " ago (" +
         time_text(state.updated) + ") after " + clock_text(state.updated - state.started) + ", with " +
         to_text(state.running) + (state.running == 1 ? " trial" : " trials") +
         " at work; run the same command again\n";
}

}  // namespace

std::string head_line(const StoreReport& report, const std::string& store, double now) {
  const TrialCounts counts = counts_of(report, now);
  const std::size_t ok = count_of(report, TrialStatus::ok);
  std::string line = printable(report.job.empty() ? store : report.job) + "  ";
  line += counts.pending ? std::to_string(counts.total) : "at least " + std::to_string(counts.total);
  line += std::string(counts.total == 1 ? " trial" : " trials") + "   ok " + std::to_string(ok);
  if (counts.pending && counts.total > 0)
    line += " (" + percent_text(static_cast<double>(ok) / static_cast<double>(counts.total), "%.1f%%") + ")";
  line += "  running " + std::to_string(counts.running);
  line += "  pending " + (counts.pending ? std::to_string(*counts.pending) : "not known");
  line += "  failed " + std::to_string(count_of(report, TrialStatus::failed));
  return line + "  diverged " + std::to_string(count_of(report, TrialStatus::diverged)) + '\n';
}

std::string run_lines(const StoreReport& report, double now) {
  if (!report.state) return {};
  const RunState& state = *report.state;
  std::string lines;
  switch (phase_of(report, now)) {
    case RunPhase::silent:
      lines = "not heard of: for " + span_text(now - state.updated) + ", " + who(state) +
              " holds the store but says nothing: stopped, or its host or network is\n";
      return lines + trial_lines(state, "was running");
    case RunPhase::at_work:
      lines = live_line(state, now);
      if (!state.ending.empty()) lines += "ending: " + printable(state.ending) + '\n';
      if (state.round > 0) lines += "round: " + to_text(state.round) + " of seeds that narrow the intervals\n";
      if (state.time_limit) lines += "time limit: " + clock_text(*state.time_limit - now) + " left\n";
      return lines + trial_lines(state, "running");
    case RunPhase::died:
      return dead_line(state, now) + trial_lines(state, "was running");
    case RunPhase::ended:
      return "ended: " + span_text(now - state.updated) + " ago, with work left: " + printable(state.ending) + '\n';
    case RunPhase::perhaps:
    case RunPhase::none:
      break;
  }
  return {};
}

std::string failed_text(const StoreReport& report, const std::string& store) {
  std::string text;
  for (const StoreReport::FailedTrial& trial : report.failed_trials) {
    const std::string id = to_hex(trial.id);
    text += id + ": " + single_line(trial.message) + "\n  " + trial.parameters + "\n  memscale replay " + id + ' ' +
            single_line(store) + '\n';
  }
  return text;
}

}  // namespace memscale
