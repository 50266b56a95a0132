#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "memscale/store/store_path.hpp"

namespace memscale {

/// A trial at work.
struct RunningTrial {
  std::uint64_t id = 0;         ///< trial_id
  std::int64_t rank = 0;        ///< the leader, where several share it
  std::int64_t ranks = 1;       ///< that share it
  double since = 0;             ///< seconds since 1970
  double expected_seconds = 0;  ///< in all

  bool operator==(const RunningTrial&) const = default;
};

/// What a run says of itself while it is at work. Times of day in seconds since 1970, by the clock of the run's host.
struct RunState {
  std::string job;  ///< the job file's name, without its folder
  std::string host;
  std::int64_t pid = 0;
  double started = 0;
  double updated = 0;
  std::int64_t ranks = 1;
  std::int64_t threads = 1;  ///< of each rank

  std::int64_t ok = 0, diverged = 0, failed = 0;  ///< of the job's trials, earlier runs' included
  std::int64_t running = 0;
  std::int64_t pending = 0;  ///< not handed out; a failed one that is to be tried again counts here

  std::int64_t adds_seeds = 0;  ///< 1: rounds add trials to the job's until its intervals are narrow enough
  std::int64_t round = 0;       ///< that the running and pending trials belong to; 0: to the job itself

  double core_seconds_done = 0;       ///< of this run
  double core_seconds_left = 0;       ///< expected, of pending and running trials
  double busy = 0;                    ///< fraction of the ranks' time so far that trials took, 0 to 1
  std::optional<double> eta_seconds;  ///< until the end; nothing while too little is known
  std::optional<double> eta_error;    ///< its standard error
  std::optional<double> time_limit;   ///< time of day at which the run must have ended

  std::string ending;  ///< why no more trials are begun ("SIGUSR1", "time limit"); after an end with work left, how it
                       ///< ended; else empty
  std::vector<RunningTrial> trials;  ///< some of those at work, those that began first; at most most_running_shown

  bool operator==(const RunState&) const = default;
};

inline constexpr std::size_t most_running_shown = 64;

template <class T, class F>
requires std::is_same_v<std::remove_const_t<T>, RunningTrial>
void for_each_field(T& trial, F&& f) {
  f("id", trial.id);
  f("rank", trial.rank);
  f("ranks", trial.ranks);
  f("since", trial.since);
  f("expected_seconds", trial.expected_seconds);
}

/// All but `trials`.
template <class T, class F>
requires std::is_same_v<std::remove_const_t<T>, RunState>
void for_each_field(T& state, F&& f) {
  f("job", state.job);
  f("host", state.host);
  f("pid", state.pid);
  f("started", state.started);
  f("updated", state.updated);
  f("ranks", state.ranks);
  f("threads", state.threads);
  f("ok", state.ok);
  f("diverged", state.diverged);
  f("failed", state.failed);
  f("running", state.running);
  f("pending", state.pending);
  f("adds_seeds", state.adds_seeds);
  f("round", state.round);
  f("core_seconds_done", state.core_seconds_done);
  f("core_seconds_left", state.core_seconds_left);
  f("busy", state.busy);
  f("eta_seconds", state.eta_seconds);
  f("eta_error", state.eta_error);
  f("time_limit", state.time_limit);
  f("ending", state.ending);
}

/// Replaces `path.journal`/run-state.json, JSON, whole and without a sync: a reader sees the old one or the new one.
/// For the process that holds the store's lock. Where it cannot be written (a full disk), the old one stays: what a run
/// says of itself must not end it.
void write_run_state(const StorePath& path, const RunState& state) noexcept;

/// What the run that is at work on the store, or was last, said of itself; nothing if there is no such file, or it is
/// not what write_run_state writes. The texts are printable.
std::optional<RunState> read_run_state(const StorePath& path);

/// Removes it, if it is there and can be removed.
void remove_run_state(const StorePath& path) noexcept;

}  // namespace memscale
