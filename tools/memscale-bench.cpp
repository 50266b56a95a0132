#include <cstdio>
#include <string>
#include <string_view>

#include "bench.d/cases.hpp"
#include "bench.d/fit_bench.hpp"
#include "bench.d/fit_phase.hpp"
#include "bench.d/kernel_bench.hpp"
#include "bench.d/message_costs.hpp"
#include "bench.d/orthogonal_bench.hpp"
#include "bench.d/runner_bench.hpp"
#include "bench.d/runner_phase.hpp"
#include "bench.d/schedule_bench.hpp"
#include "bench.d/seeds_bench.hpp"
#include "bench.d/store_bench.hpp"
#include "bench.d/store_phase.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/core/flush_to_zero.hpp"
#include "memscale/core/standard_streams.hpp"
#include "memscale/linalg/blas_kernel.hpp"

namespace memscale::bench {

namespace {

void run(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  // Processes of their own, which a benchmark starts to see their peak memory.
  if (what == "--measured-step" && argc == 5) {
    const FlushToZero flush;
    return take_measured_step(std::stoll(argv[2]), std::stoll(argv[3]), std::stoi(argv[4]));
  }
  if (what == "--store-phase" && argc == 3) return take_store_phase(argv[2]);
  if (what == "--runner-phase" && argc == 3) return take_runner_phase(argv[2]);
  if (what == "--fit-phase" && argc == 3) return take_fit_phase(argv[2]);
  if (what == "--message-phase" && argc == 2) return take_message_phase();

  bool help = false;
  if (what == "store") {
    const StoreOptions options = parse_store_options(argc - 1, argv + 1, help);
    if (!help) run_store(options);
    return;
  }
  if (what == "runner") {
    const RunnerOptions options = parse_runner_options(argc - 1, argv + 1, help);
    if (!help) run_runner(options);
    return;
  }
  if (what == "schedule") {
    const ScheduleOptions options = parse_schedule_options(argc - 1, argv + 1, help);
    if (!help) run_schedule(options);
    return;
  }
  if (what == "fit") {
    const FitBenchOptions options = parse_fit_options(argc - 1, argv + 1, help);
    if (!help) run_fit(options);
    return;
  }
  if (what == "seeds") {
    const SeedsOptions options = parse_seeds_options(argc - 1, argv + 1, help);
    if (!help) run_seeds(options);
    return;
  }
  if (what == "orthogonal") {
    const OrthogonalOptions options = parse_orthogonal_options(argc - 1, argv + 1, help);
    if (!help) run_orthogonal(options);
    return;
  }
  const int skipped = what == "kernels" ? 1 : 0;
  const Options options = parse_options(argc - skipped, argv + skipped, help);
  if (!help) run_kernels(options);
}

}  // namespace

}  // namespace memscale::bench

int main(int argc, char** argv) {
  const auto say = [](const char* what) { std::fprintf(stderr, "memscale-bench: %s\n", what); };
  try {
    memscale::open_standard_streams();
    memscale::ensure_fast_blas(argv);
    memscale::bench::run(argc, argv);
    if (memscale::flush_standard_output()) return memscale::exit_done;
    say("standard output cannot be written");
    return memscale::exit_failures;
  } catch (const memscale::InputError& error) {
    say(error.what());
    return memscale::exit_bad_input;
  } catch (const std::exception& error) {
    say(error.what());
    return memscale::exit_failures;
  }
}
