#include "memscale/commands/run.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>

#include "memscale/commands/say.hpp"
#include "memscale/commands/stop_signals.hpp"
#include "memscale/commands/sweep.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/core/launcher.hpp"
#include "memscale/parallel/environment.hpp"
#include "memscale/parallel/mpi_error.hpp"
#include "memscale/parallel/mpi_transport.hpp"
#include "memscale/parallel/remote_worker.hpp"
#include "memscale/schedule/local_transport.hpp"
#include "memscale/store/checkpoint_folder.hpp"

namespace memscale {

namespace {

int print_help() {
  std::printf(
      "usage: memscale run %.*s\n"
      "       mpirun -n RANKS memscale run ...\n\n"
      "Runs the trials of the job file JOB that STORE (HDF5) does not hold yet, and stores each result.\n\n"
      "  -o, --output STORE      where the results go\n"
      "      --threads N|auto    threads of each rank; auto: the cores it may use (default 1)\n"
      "      --force             also where JOB fixes other parameters than the jobs that STORE holds; keeps both\n"
      "      --section.key VALUE  wins over the key in JOB, for example --grid.d 64,128\n"
      "  -h, --help\n\n"
      "Keys of [run] also without their section: --walltime 2h, --on-error abort, --ranks-per-trial auto ...\n\n"
      "--target-ci C=0.02 --max-seeds 64: then adds seeds, in rounds, to the cells that make the 95 %% interval of an\n"
      "exponent C (or of c1 or c2 in C = c1 + c2/alpha) wider than +-0.02, until none is or those have 64 seeds.\n\n"
      "SIGUSR1 and SIGINT: no trial is begun any more, those at work stop after the step at hand; a second one, "
      "SIGTERM\n"
      "and SIGHUP end at once; every result is kept.\n"
      "Sent to mpirun, USR1 reaches the ranks; after TERM or INT mpirun itself ends with status 1.\n"
      "Exit status: 0 done, 1 some trials failed, 2 bad input, 75 work left (run the same command again).\n",
      static_cast<int>(run_usage.size()), run_usage.data());
  return exit_done;
}

/// What a rank needs of the store before its first trial.
std::unique_ptr<Checkpoints> enter_run(const std::string& store, int rank) {
  const std::filesystem::path snapshot(store);
  static const DepartureLine departure(snapshot, rank);  // until the process ends
  write_departure_at_signals(departure);
  return std::make_unique<CheckpointFolder>(StorePath{snapshot, store + ".journal", snapshot.parent_path()});
}

/// The leading process's whole part in a run, the same with and without MPI.
int lead(const std::vector<std::string>& arguments, Transport& transport, int ranks_on_this_node) {
  const RunOptions options = parse_run_options(arguments);
  if (options.help) return print_help();
  Sweep sweep(options, {transport.ranks(), ranks_on_this_node});
  return sweep.run(transport);
}

/// The exit status of lead, whatever happens: other ranks wait for it.
int lead_ranks(const std::vector<std::string>& arguments, MpiTransport& transport, int ranks_on_this_node) {
  try {
    return lead(arguments, transport, ranks_on_this_node);
  } catch (const InputError& error) {
    say(error.what());
    return exit_bad_input;
  } catch (const MpiError&) {
    throw;
  } catch (const std::exception& error) {
    say(error.what());
    return exit_failures;
  }
}

int run_rank(const std::vector<std::string>& arguments, const Communicator& world, const Communicator& groups) {
  const TrialRunner runner =
      make_trial_runner(world.rank(), threads_of(arguments),
                        [rank = world.rank()](const std::string& store) { return enter_run(store, rank); });
  const int ranks_on_this_node = world.ranks_on_this_node();
  if (world.rank() > 0) {
    follow_leader_signals();
    return serve_trials(world, groups, runner);
  }
  MpiTransport transport(world, groups, runner);
  const int status = lead_ranks(arguments, transport, ranks_on_this_node);
  transport.end_run(status);
  return status;
}

}  // namespace

int run_job(const std::vector<std::string>& arguments) {
  watch_stop_signals();  // before all else: SIGUSR1 must not kill a rank that is still starting
  if (!launched_by_mpi()) {
    LocalTransport transport(
        {make_trial_runner(0, threads_of(arguments), [](const std::string& store) { return enter_run(store, 0); })});
    return lead(arguments, transport, 1);
  }
  const MpiEnvironment mpi;
  const Communicator world = Communicator::world(), groups = Communicator::world();
  try {
    return run_rank(arguments, world, groups);
  } catch (const std::exception& error) {  // ranks can no longer talk: there is no order to end in
    say(error.what());
    world.abort(exit_failures);
  }
}

}  // namespace memscale
