#include "memscale/schedule/memory_model.hpp"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <optional>

#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "memscale/experiment/run_trial.hpp"

namespace memscale {

namespace {

constexpr std::int64_t GiB = std::int64_t{1} << 30;

Trial trial_of(std::int64_t d, std::int64_t items, OptimizerKind optimizer) {
  Trial trial;
  trial.d = d;
  trial.items = items;
  trial.optimizer = optimizer;
  trial.beta1 = 0.9;  // adam's; canonical() drops them from others
  trial.beta2 = 0.999;
  trial.epsilon = 1e-8;
  return trial;
}

Trial with_steps(Trial trial, std::int64_t steps, double batch) {
  trial.steps = steps;
  trial.batch = batch;
  return trial;
}

Trial orthogonal_trial(std::int64_t d, std::int64_t groups, OptimizerKind optimizer, TaskBasisKind basis) {
  Trial trial = trial_of(d, d, optimizer);
  trial.model = ModelKind::orthogonal;
  trial.groups = groups;
  trial.task_basis = basis;
  trial.steps = 2;
  trial.spectra_measure = SpectraMeasure::automatic;
  return trial;
}

std::string refusal(const std::vector<Trial>& trials, int threads, int ranks, std::int64_t available) {
  try {
    require_memory(trials, threads, ranks, available);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

/// So that the next peak is not that of memory which earlier tests have left on the heap.
void give_back_memory() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

}  // namespace

#ifndef MEMSCALE_SANITIZE  // which takes memory of its own
// The bounds leave room for other BLAS libraries and allocators.
TEST_CASE("Memory is expected as it is measured") {
  const std::vector<Trial> trials{
      trial_of(64, 150000, OptimizerKind::gd),
      trial_of(384, 20000, OptimizerKind::muon),
      trial_of(256, 20000, OptimizerKind::newton),
      with_steps(trial_of(256, 20000, OptimizerKind::adam), 3, 500),
      with_steps(trial_of(384, 5000, OptimizerKind::muon), 2, 500),
      orthogonal_trial(1200, 1200, OptimizerKind::signgd, TaskBasisKind::coupled),
      orthogonal_trial(1200, 1200, OptimizerKind::adam, TaskBasisKind::haar),
      orthogonal_trial(900, 900, OptimizerKind::muon, TaskBasisKind::identity),
      orthogonal_trial(2'000'000, 20, OptimizerKind::gd, TaskBasisKind::identity),
  };
  for (const int threads : {1, 3})
    for (const Trial& trial : trials) {
      give_back_memory();
      Workspace workspace(threads);
      const std::optional<Record> record = run_trial(canonical(trial), workspace);
      REQUIRE((record && record->message.empty()));
      const double ratio =
          static_cast<double>(estimate_memory(record->trial, threads)) / static_cast<double>(record->cost.peak_memory);
      INFO(canonical_text(record->trial) << " threads " << threads << " measured " << record->cost.peak_memory);
      CHECK(ratio > 0.75);
      CHECK(ratio < 1.6);
    }
}
#endif

TEST_CASE("Memory grows with items, d, threads and with what a method holds") {
  const auto bytes = [](const Trial& trial, int threads = 1) { return estimate_memory(canonical(trial), threads); };
  const Trial gd = trial_of(512, 100000, OptimizerKind::gd), muon = trial_of(512, 100000, OptimizerKind::muon);
  CHECK(bytes(trial_of(512, 200000, OptimizerKind::gd)) > 1.8 * bytes(gd));
  CHECK(bytes(trial_of(1024, 100000, OptimizerKind::gd)) > 1.8 * bytes(gd));
  CHECK(bytes(gd, 8) > bytes(gd, 1));
  CHECK(bytes(muon) >= bytes(gd));
  CHECK(bytes(with_steps(muon, 3, 1000)) > bytes(gd));
  // embeddings of 4 bytes twice, and of 8 bits twice
  CHECK(bytes(trial_of(8192, 10'000'000, OptimizerKind::gd)) > 10e7 * 8192);
}

TEST_CASE("A trial too large for a rank's share is refused with what helps") {
  const std::vector<Trial> trials{canonical(trial_of(64, 1000, OptimizerKind::gd)),
                                  canonical(trial_of(2048, 1'000'000, OptimizerKind::gd)),
                                  canonical(trial_of(64, 2000, OptimizerKind::gd))};
  CHECK(most_demanding(trials, 1) == &trials[1]);
  const std::int64_t bytes = estimate_memory(trials[1], 1);
  CHECK(refusal({}, 1, 8, 0).empty());
  CHECK(refusal(trials, 1, 8, 8 * bytes).empty());
  CHECK(refusal(trials, 1, 8, 8 * bytes - 8) ==
        "invalid threads=1 (a trial of d=2048 items=1e+06 needs " + size_text(bytes) +
            " a rank, 8 ranks on a node of " + size_text(8 * bytes - 8) + " have " + size_text(bytes - 1) +
            " each: use fewer ranks a node with more --threads, or smaller items)");
  CHECK(refusal(trials, 4, 1, GiB)
            .ends_with("a rank, the node has 1.0 GiB: use smaller items, or a node with more memory)"));
}

TEST_CASE("Sizes are shown in binary units") {
  CHECK(size_text(0) == "0.0 MiB");
  CHECK(size_text(96 << 20) == "96 MiB");
  CHECK(size_text(GiB * 3 / 2) == "1.5 GiB");
  CHECK(size_text(612 * GiB) == "612 GiB");
  CHECK(size_text(2048 * GiB) == "2.0 TiB");
}

}  // namespace memscale
