#include "runner_options.hpp"

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/grid.hpp"

namespace memscale::bench {

RunnerOptions parse_runner_options(int argc, char** argv, bool& help) {
  namespace po = boost::program_options;
  po::options_description flags("options", 110);
  const auto text = [] { return po::value<std::string>(); };
  auto add = flags.add_options();
  add("trials", text(), "empty trials, a multiple of 100 (200000)");
  add("rounds", text(), "rounds of measurements; the best of all counts (3)");
  add("grid-seconds", text(), "that the grid of real trials takes one rank, about (40)");
  add("quick", "one round of tiny sizes: within some seconds; no time is judged");
  add("python", text(), "Python with mpi4py (python3); none: without");
  add_subject_flags(flags);
  const Flags given(argc, argv, flags);
  help = given.has("help");
  if (help)
    print_help(
        "usage: memscale-bench runner [options]\n\nWhat a trial costs beside its own work: empty trials under mpirun, "
        "their results in a synced journal,\nbeside mpi4py.futures and one process a trial; and how much faster than "
        "one rank two are on a real grid.",
        flags);

  RunnerOptions options;
  static_cast<SubjectOptions&>(options) = read_subject_flags(given);
  if (given.has("quick")) {
    options.trials = 2000;
    options.rounds = 1;
    options.rival_tasks = 2000;
    options.processes = 4;
    options.grid_seconds = 0.5;
  }
  given.read("trials", options.trials, runner_trials_a_seed, most_trials);
  if (options.trials % runner_trials_a_seed != 0)
    throw invalid("trials", to_text(options.trials), "must be a multiple of " + to_text(runner_trials_a_seed));
  given.read("rounds", options.rounds, 1, 1000);
  given.read("grid-seconds", options.grid_seconds, 1, 3600);
  options.python = read_python(given);
  return options;
}

}  // namespace memscale::bench
