#include "orthogonal_options.hpp"

#include "memscale/core/thread_team.hpp"

namespace memscale::bench {

OrthogonalOptions parse_orthogonal_options(int argc, char** argv, bool& help) {
  namespace po = boost::program_options;
  po::options_description flags("options", 110);
  const auto text = [] { return po::value<std::string>(); };
  auto add = flags.add_options();
  add("quick", "small sizes, one round: within some seconds");
  add("steps", text(), "steps of each trial, from 2 on (3)");
  add("rounds", text(), "rounds of measurements (3)");
  add("threads", text(), "threads to compare with one (all cores)");
  add("python", text(), "Python with NumPy, and PyTorch perhaps (python3); none: without");
  add("no-torch", "without PyTorch");
  add_subject_flags(flags);
  const Flags given(argc, argv, flags);
  help = given.has("help");
  if (help)
    print_help(
        "usage: memscale-bench orthogonal [options]\n\nSeconds of a training step of orthogonal memories: reduced to "
        "groups against all K^2 numbers, and these against\nNumPy and PyTorch in float64, which must find the same "
        "loss.",
        flags);

  OrthogonalOptions options;
  static_cast<SubjectOptions&>(options) = read_subject_flags(given);
  options.threads = available_cores();
  if (given.has("quick")) {
    options.quick = true;
    options.rounds = 1;
    options.budget = 0.05;
  }
  given.read("steps", options.steps, 2, 1000);
  given.read("rounds", options.rounds, 1, 1000);
  given.read("threads", options.threads, 1, 4096);
  options.python = read_python(given);
  options.torch = !given.has("no-torch");
  return options;
}

}  // namespace memscale::bench
