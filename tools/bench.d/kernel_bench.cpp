#include "kernel_bench.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "cases.hpp"
#include "fma_peak.hpp"
#include "machine.hpp"
#include "memscale/core/flush_to_zero.hpp"
#include "memscale/linalg/blas_kernel.hpp"
#include "memscale/model/batch.hpp"
#include "report.hpp"

namespace memscale::bench {

namespace {

using nlohmann::json;

/// Whether the user, and not ensure_fast_blas, chose the BLAS kernels.
bool blas_was_chosen() {
  return std::getenv("OPENBLAS_CORETYPE") && blas_description().find("in the environment") != std::string::npos;
}

void progress(std::int64_t d, const char* what) {
  std::fprintf(stderr, "memscale-bench: d = %lld, %s\n", static_cast<long long>(d), what);
}

/// All cases of one dimension, appended to their rows.
void measure_dimension(Bench& bench, std::int64_t d, Measurements& measured) {
  const Options& options = bench.options;
  const auto wanted = [&](const char* name) { return options.only.contains(name); };
  if (wanted("capacity") || wanted("softmax") || wanted("minibatch")) {
    progress(d, "inputs");
    const Inputs inputs = make_inputs(d, options.items, bench.all);
    const Folder folder;
    write_inputs(folder, inputs);
    bench.rivals.each([&](Rival& rival) {
      rival.process.ask({{"do", "load"}, {"folder", folder.path()}, {"d", d}, {"items", options.items}});
    });
    const std::int64_t rows = bench.rows_for(4.0 * static_cast<double>(options.items * d), options.items, 256);
    if (wanted("capacity")) {
      progress(d, "capacity check");
      measured["capacity"].push_back(measure_capacity(bench, inputs, folder));
      progress(d, "products");
      measured["products"].push_back(measure_products(bench, inputs));
    }
    if (wanted("softmax")) {
      progress(d, "softmax gradient");
      // As many rows as make softmax_gradient take blocks of the population's size; the others' rates need fewer.
      const std::int64_t full =
          options.rows > 0 || options.items < 100000 ? rows : 24 * std::clamp<std::int64_t>(131072 / d, 64, 512);
      const Batch batch = spread_batch(inputs.p, std::min(std::max(rows, full), options.items));
      const int rounds = std::min(options.rounds, d <= 128 ? 3 : 2);  // seconds each
      measured["softmax"].push_back(measure_softmax(bench, inputs, folder, "softmax", batch, rows, rounds));
    }
    if (wanted("minibatch")) {
      progress(d, "minibatch gradient");
      const int rounds = std::min(options.rounds, d <= 256 ? 2 : 1);  // seconds each
      const Batch batch = draw_batch(inputs.p, options.batch, 1, d, 2);
      measured["minibatch"].push_back(measure_softmax(bench, inputs, folder, "minibatch", batch, rows, rounds));
    }
  }
  if (wanted("trial")) {
    progress(d, "whole trial");
    measured["trial"].push_back(measure_trial(bench, d, options.items));
  }
}

}  // namespace

void run_kernels(const Options& options) {
  const FlushToZero flush;
  if (!options.json.empty()) write_json(options.json, json::object());  // a place that cannot be written, said at once

  ThreadTeam one, all(options.threads);
  Rivals rivals = kernel_rivals(options);
  Bench bench{.options = options, .one = one, .all = all, .rivals = rivals};
  json machine{{"cpu", cpu_name()},         {"cores", available_cores()}, {"threads", options.threads},
               {"fma", fma_instructions()}, {"blas", blas_description()}, {"rivals", rivals.described()}};
  std::printf("memscale %s on %s, %d cores; FMA loop: float32, %s\nmemscale's BLAS: %s\n", MEMSCALE_VERSION,
              cpu_name().c_str(), available_cores(), fma_instructions(), blas_description().c_str());
  if (blas_was_chosen())
    std::printf(
        "OPENBLAS_CORETYPE is set: against NumPy and PyTorch a fair run names this CPU's best kernels, or none\n");
  for (const std::string& line : rivals.described()) std::printf("%s\n", line.c_str());
  std::fflush(stdout);

  Measurements measured = json::object();
  for (const std::int64_t d : options.d) measure_dimension(bench, d, measured);
  if (options.only.contains("memory")) {
    progress(options.memory_d, "peak memory");
    measured["memory"] = measure_memory(bench, "/proc/self/exe");
  }
  std::printf("%s", report(options, measured).c_str());
  if (!options.json.empty())
    write_json(options.json, {{"machine", machine}, {"measured", measured}, {"targets", to_json(targets(measured))}});
}

}  // namespace memscale::bench
