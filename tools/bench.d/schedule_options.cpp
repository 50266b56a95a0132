#include "schedule_options.hpp"

#include <sstream>

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/grid.hpp"

namespace memscale::bench {

ScheduleOptions parse_schedule_options(int argc, char** argv, bool& help) {
  namespace po = boost::program_options;
  po::options_description flags("options", 110);
  const auto text = [] { return po::value<std::string>(); };
  auto add = flags.add_options();
  add("trials", text(), "at least so many of jobs/fig2.cfg, by more seeds (100000); a tenth of them as well");
  add("ranks", text(), "numbers of ranks (16,64,256,1024,4096,16384,65536)");
  add("spread", text(), "standard deviation of the logarithm of a trial's seconds (as measured)");
  add("costs", text(), "file that --json wrote, for what trials cost: to compare schedulers (measured)");
  add("quick", "2000 trials of tiny sizes, few ranks: within some seconds; nothing is judged");
  add_subject_flags(flags);
  const Flags given(argc, argv, flags);
  help = given.has("help");
  if (help)
    print_help(
        "usage: memscale-bench schedule [options]\n\nHow near the scheduler keeps many ranks to the least time "
        "possible: it and the dispatcher as they are, driven by an\nevent simulation of the ranks, with the costs of "
        "trials and messages measured in the same run.",
        flags);

  ScheduleOptions options;
  static_cast<SubjectOptions&>(options) = read_subject_flags(given);
  if (given.has("quick")) {
    options.trials = 2000;
    options.ranks = {4, 64};
    options.job_flags = {"--grid.d", "64,96", "--problem.items", "2000"};
  }
  given.read("trials", options.trials, 1, most_trials);
  if (given.has("ranks")) {
    options.ranks.clear();
    std::istringstream list(given.text("ranks"));
    for (std::string ranks; std::getline(list, ranks, ',');)
      options.ranks.push_back(static_cast<int>(Flags::whole_number("ranks", ranks, 1, 1000000)));
  }
  if (given.has("spread")) {
    options.spread = parse_double("spread", given.text("spread"));
    if (!(options.spread > 0 && options.spread <= 3))
      throw invalid("spread", given.text("spread"), "must be positive and at most 3");
  }
  if (given.has("costs")) options.costs = given.text("costs");
  return options;
}

}  // namespace memscale::bench
