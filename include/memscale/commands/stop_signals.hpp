#pragma once

#include "memscale/store/attempt_log.hpp"

namespace memscale {

/// How the outside wants a run to end.
enum class StopRequest {
  none,
  drain,  ///< SIGUSR1 (the time limit is near) or SIGINT: hand out no more trials, wait for those at work
  now     ///< SIGTERM or SIGHUP: a second is left at most; or a second SIGUSR1 or SIGINT
};

/// For all processes of a run while they start: SIGTERM, SIGINT and SIGHUP end the process with status 75, for nothing
/// can be lost yet; SIGUSR1 is noted. A SIGHUP that was ignored stays so (nohup). SIGPIPE is ignored: a closed terminal
/// must not end a run.
void watch_stop_signals();

/// For the process that leads a run, once it has results to keep: turns signals into the answers below, for its loop to
/// ask.
void defer_stop_signals();

/// The strongest request so far.
StopRequest stop_requested();

/// Whether SIGCONT came since the last call: mpirun sends it a second before SIGTERM when another rank has died.
bool take_commit_request();

/// From now on signals that end at once, and SIGCONT, with which mpirun begins to end the others when a rank has died,
/// first write `line`'s departure: who does not, died. `line` must live as long as the process.
void write_departure_at_signals(const DepartureLine& line);

/// On every other rank: SIGTERM and SIGHUP end the process with status 75; SIGINT and SIGUSR1 are for the leader.
void follow_leader_signals();

}  // namespace memscale
