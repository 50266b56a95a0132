#include "fit_options.hpp"

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/grid.hpp"

namespace memscale::bench {

FitBenchOptions parse_fit_options(int argc, char** argv, bool& help) {
  namespace po = boost::program_options;
  po::options_description flags("options", 110);
  const auto text = [] { return po::value<std::string>(); };
  auto add = flags.add_options();
  add("records", text(), "finished trials of each store, a multiple of 16000 (1008000)");
  add("rounds", text(), "rounds of measurements; the best of all counts (3)");
  add("quick", "one round of 16000 trials: within some seconds; no time is judged");
  add("python", text(), "Python with h5py and pandas (python3); none: without");
  add_subject_flags(flags);
  const Flags given(argc, argv, flags);
  help = given.has("help");
  if (help)
    print_help(
        "usage: memscale-bench fit [options]\n\nHow long memscale-fit takes, without figures, for stores of a million "
        "trials of several shapes, and its memory, beside\nh5py, pandas and NumPy, which find the same exponents "
        "without "
        "intervals. Needs about 3 GB of disk.",
        flags);

  FitBenchOptions options;
  static_cast<SubjectOptions&>(options) = read_subject_flags(given);
  if (given.has("quick")) {
    options.records = fit_records_step;
    options.rounds = 1;
  }
  given.read("records", options.records, fit_records_step, most_trials);
  if (options.records % fit_records_step != 0)
    throw invalid("records", to_text(options.records), "must be a multiple of " + to_text(fit_records_step));
  given.read("rounds", options.rounds, 1, 1000);
  options.python = read_python(given);
  return options;
}

}  // namespace memscale::bench
