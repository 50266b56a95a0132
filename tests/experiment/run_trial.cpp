#include "memscale/experiment/run_trial.hpp"

#include <cmath>
#include <limits>

#include "catch.hpp"
#include "small_trial.hpp"

namespace memscale {

TEST_CASE("a trial's result does not depend on what ran before it", "[experiment]") {
  Workspace shared;
  using enum OptimizerKind;
  for (std::int64_t seed : {1, 2, 1})
    for (double alpha : {1.25, 3.0})
      for (OptimizerKind optimizer : {gd, muon, newton, ngd, signgd, adam}) {
        Workspace fresh;
        const Trial trial = small_trial(optimizer, alpha, seed);
        const Record record = run_trial(trial, shared);
        CHECK(same(record, run_trial(trial, fresh)));
        CHECK(record.trial == trial);
        CHECK(record.result.status == TrialStatus::ok);
        CHECK(record.message.empty());
      }
}

TEST_CASE("results of known trials are frozen", "[experiment]") {
  // Other values here mean that stores on disk no longer replay: raise physics_version, deliberately, or mend the
  // change.
  struct Known {
    OptimizerKind optimizer;
    double alpha;
    std::int64_t seed, capacity, prefix;
    double accuracy;
  };
  Workspace workspace;
  for (const Known& known : {Known{OptimizerKind::gd, 1.5, 1, 1, 1, 0.39801980218966848},
                             Known{OptimizerKind::muon, 1.5, 1, 3, 1, 0.51021872219882214},
                             Known{OptimizerKind::newton, 2.0, 3, 8, 0, 0.30430955567622858}}) {
    const Result result = run_trial(small_trial(known.optimizer, known.alpha, known.seed), workspace).result;
    CHECK(result.capacity == known.capacity);
    CHECK(result.prefix == known.prefix);
    CHECK(result.accuracy == Approx(known.accuracy).epsilon(1e-14));  // libraries differ in pow's last digit
  }
}

TEST_CASE("an error in a trial is a failed record with its message, and the next trial is sound", "[experiment]") {
  Workspace workspace;
  Trial singular = small_trial(OptimizerKind::newton);
  singular.items = 6;  // fewer outputs than dimensions
  const Record record = run_trial(singular, workspace);
  CHECK(record.result.status == TrialStatus::failed);
  CHECK(record.message.find("singular") != std::string::npos);
  Workspace fresh;
  const Trial next = small_trial(OptimizerKind::muon);
  CHECK(same(run_trial(next, workspace), run_trial(next, fresh)));
}

TEST_CASE("non-finite weights are a diverged result", "[experiment]") {
  Workspace workspace;
  Trial trial = small_trial(OptimizerKind::gd);
  trial.eta = 1e308;
  trial.eta_scale = EtaScale::sqrt_d;
  trial.d = 1024;
  trial.items = 4;
  const Record record = run_trial(trial, workspace);  // not canonical(trial), which refuses such an eta
  CHECK(record.result.status == TrialStatus::diverged);
  CHECK(record.result.diverged_step == 1);
  CHECK(record.result.steps_done == 0);
  CHECK(record.result.capacity == 0);
  CHECK(record.trace.capacity.empty());
  CHECK(record.message.empty());
}

TEST_CASE("the smallest problems run", "[experiment]") {
  Workspace workspace;
  for (std::int64_t d : {1, 2, 7})
    for (std::int64_t items : {1, 2, 3, 50})
      for (OptimizerKind optimizer : {OptimizerKind::gd, OptimizerKind::muon}) {
        const Record record = run_trial(small_trial(optimizer,
                                                    [&](Trial& t) {
                                                      t.d = d;
                                                      t.items = items;
                                                      t.steps = 3;
                                                      t.loss_measure = LossMeasure::exact;
                                                    }),
                                        workspace);
        CHECK(record.result.status == TrialStatus::ok);
        CHECK(record.result.capacity <= items);
      }
}

TEST_CASE("a trace holds what shorter trials end with", "[experiment]") {
  Workspace workspace;
  for (OptimizerKind optimizer : {OptimizerKind::gd, OptimizerKind::muon, OptimizerKind::signgd}) {
    const auto with_steps = [&](std::int64_t steps) {
      return run_trial(small_trial(optimizer, [&](Trial& t) { t.steps = steps; }), workspace);
    };
    const Record all = with_steps(4);
    REQUIRE(all.trace.capacity.size() == 4);
    for (std::int64_t steps = 1; steps <= 4; ++steps) {
      const Record some = with_steps(steps);
      const auto last = static_cast<std::size_t>(steps - 1);
      CHECK(all.trace.capacity[last] == static_cast<double>(some.result.capacity));
      CHECK(all.trace.prefix[last] == static_cast<double>(some.result.prefix));
      CHECK(all.trace.accuracy[last] == some.result.accuracy);
    }
  }
}

TEST_CASE("a trial stops early when its capacity stalls", "[experiment]") {
  Workspace workspace;
  const auto with = [&](double growth, std::int64_t window) {
    return run_trial(small_trial(OptimizerKind::muon,
                                 [&](Trial& t) {
                                   t.steps = 60;
                                   t.eta_scale = EtaScale::sqrt_d;
                                   t.stop_growth = growth;
                                   t.stop_window = window;
                                 }),
                     workspace);
  };
  const Record full = with(0, 10);
  REQUIRE(full.result.steps_done == 60);
  for (std::int64_t window : {1, 3, 10}) {
    const Record stopped = with(0.05, window);
    const auto& c = full.trace.capacity;
    std::int64_t expected = 60;
    for (std::int64_t t = 60; t > window; --t) {
      const double before = c[static_cast<std::size_t>(t - 1 - window)];
      if (c[static_cast<std::size_t>(t - 1)] - before < 0.05 * before) expected = t;
    }
    CHECK(expected < 60);
    CHECK(stopped.result.steps_done == expected);
    CHECK(stopped.trace.capacity.size() == static_cast<std::size_t>(expected));
    CHECK(stopped.result.status == TrialStatus::ok);
  }
}

TEST_CASE("a trial that diverges later tells the step and keeps its trace", "[experiment]") {
  Workspace workspace;
  const Trial trial = small_trial(OptimizerKind::gd, [](Trial& t) {
    t.steps = 9;
    t.eta = 1e90;
    t.eta_growth = 1000;
  });
  const Record record = run_trial(trial, workspace);
  CHECK(record.result.status == TrialStatus::diverged);
  CHECK(record.result.diverged_step >= 2);
  CHECK(record.result.steps_done == record.result.diverged_step - 1);
  CHECK(record.trace.capacity.size() == static_cast<std::size_t>(record.result.steps_done));
  CHECK(record.result.capacity == 0);
}

TEST_CASE("a loss that cannot be measured is a diverged result", "[experiment]") {
  Workspace workspace;
  const auto with = [&](double eta) {
    return run_trial(small_trial(OptimizerKind::muon,
                                 [&](Trial& t) {
                                   t.eta = eta;
                                   t.loss_measure = LossMeasure::exact;
                                 }),
                     workspace)
        .result;
  };
  CHECK(with(1e30).status == TrialStatus::ok);
  CHECK(std::isfinite(with(1e30).loss));
  const Result beyond = with(1e60);  // scores beyond float32
  CHECK(beyond.status == TrialStatus::diverged);
  CHECK(beyond.diverged_step == 1);
  CHECK(beyond.capacity == 0);
}

TEST_CASE("threads change no bit of a result", "[experiment]") {
  Workspace one(1), three(3);
  for (OptimizerKind optimizer : {OptimizerKind::muon, OptimizerKind::gd, OptimizerKind::newton})
    for (double batch : {64.0, std::numeric_limits<double>::infinity()}) {
      const Trial trial = small_trial(optimizer, [&](Trial& t) {
        t.items = 5000;
        t.batch = batch;
        if (optimizer != OptimizerKind::newton) t.steps = 3;
        t.loss_measure = LossMeasure::exact;
      });
      CHECK(same(run_trial(trial, one), run_trial(trial, three)));
    }
}

}  // namespace memscale
