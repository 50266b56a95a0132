#include "seeds_options.hpp"

#include "memscale/core/error.hpp"

namespace memscale::bench {

SeedsOptions parse_seeds_options(int argc, char** argv, bool& help) {
  namespace po = boost::program_options;
  SeedsOptions options;
  if (argc > 1 && argv[1][0] != '-') {
    options.store = argv[1];
    ++argv;
    --argc;
  }
  po::options_description flags("options", 110);
  const auto text = [] { return po::value<std::string>(); };
  auto add = flags.add_options();
  add("target-ci", text(), "half-widths of 95 % intervals, as memscale run takes them (C=0.1, C=0.06 and C=0.03)");
  add("seeds", text(), "that every cell begins with (4)");
  add("max-seeds", text(), "of a cell (all that the store has)");
  add_subject_flags(flags);
  const Flags given(argc, argv, flags);
  help = given.has("help");
  if (help)
    print_help(
        "usage: memscale-bench seeds [STORE] [options]\n\nWhat memscale run --target-ci saves against a uniform number "
        "of seeds: both are replayed on the results of a STORE\nwhose cells have many seeds. Without STORE, "
        "jobs/fig2-laptop.cfg is run with 64 seeds: about ten minutes on two cores.",
        flags);
  static_cast<SubjectOptions&>(options) = read_subject_flags(given);
  options.targets = {"C=0.1", "C=0.06", "C=0.03"};
  if (given.has("target-ci")) options.targets = {given.text("target-ci")};
  for (const std::string& target : options.targets)
    if (!parse_ci_targets("target-ci", target).given()) throw invalid("target-ci", target, "must name a target");
  given.read("seeds", options.seeds, 1, 1'000'000);
  given.read("max-seeds", options.max_seeds, 2, 1'000'000);
  return options;
}

}  // namespace memscale::bench
