#include "store_options.hpp"

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/grid.hpp"

namespace memscale::bench {

StoreOptions parse_store_options(int argc, char** argv, bool& help) {
  namespace po = boost::program_options;
  po::options_description flags("options", 110);
  const auto text = [] { return po::value<std::string>(); };
  auto add = flags.add_options();
  add("records", text(), "records of trials with --steps steps, a multiple of 100 (1000000)");
  add("steps", text(), "of a trial: numbers in each trace (30)");
  add("quick", "20000 records: within some seconds; no time is judged");
  add("full", "10000000 one-step trials as well, not extrapolated: 20 GB of disk, some minutes");
  add("python", text(), "Python with h5py (python3); none: without");
  add_subject_flags(flags);
  const Flags given(argc, argv, flags);
  help = given.has("help");
  if (help)
    print_help(
        "usage: memscale-bench store [options]\n\nHow many results memscale's store takes a second, how long it takes "
        "to resume from and to write a snapshot,\nin how much memory, beside the same records written with h5py and "
        "with SQLite. Needs about 9 GB of disk.",
        flags);

  StoreOptions options;
  static_cast<SubjectOptions&>(options) = read_subject_flags(given);
  if (given.has("quick")) {
    options.records = 20000;
    options.rival_seconds = 1;
  }
  given.read("records", options.records, trials_a_seed, most_trials);
  if (options.records % trials_a_seed != 0)
    throw invalid("records", to_text(options.records), "must be a multiple of " + to_text(trials_a_seed));
  given.read("steps", options.steps, 1, 100000);
  options.scalar_records = given.has("full") ? most_trials : options.records;
  options.python = read_python(given);
  return options;
}

}  // namespace memscale::bench
