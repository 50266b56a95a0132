#include "memscale/analysis/steps_fit.hpp"

#include <cmath>

#include "analysis/covers.hpp"
#include "analysis/planted.hpp"
#include "catch.hpp"
#include "memscale/analysis/step_laws.hpp"

using namespace memscale;

namespace {

constexpr double alpha = 1.5, ratio = 1 - 1 / (2 * alpha);

/// Muon's theory: capacity 0.5 d^(2 - ratio^t) after t steps, each trial with a noise of its own and one at each step.
std::vector<Record> plant_steps(std::int64_t steps, int seeds, double noise, std::uint64_t engine_seed) {
  std::mt19937_64 engine(engine_seed);
  std::vector<Record> records;
  for (std::int64_t d : {64, 128, 256, 512})
    for (int seed = 1; seed <= seeds; ++seed) {
      Trial trial = planted_trial(OptimizerKind::muon, d, alpha, seed);
      trial.steps = steps;
      trial.eta_scale = EtaScale::sqrt_d;
      const double own = noise * normal(engine);
      std::vector<double> capacities;
      for (std::int64_t t = 1; t <= steps; ++t)
        capacities.push_back(
            std::round(5 * std::pow(d, 2 - std::pow(ratio, t)) * std::exp(own + noise * normal(engine))));
      records.push_back(planted_steps(trial, capacities));
    }
  return records;
}

StepsFits fit_of(const std::vector<Record>& records) {
  const Aggregate data = aggregate(records);
  return fit_step_laws(data, SeedBootstrap(data, 300), {.resamples = 300}).steps;
}

}  // namespace

TEST_CASE("exponents after each step from the traces of trials, beside theory's e_T") {
  const StepsFits found = fit_of(plant_steps(8, 4, 0.001, 1));
  REQUIRE(found.fits.size() == 1);
  const StepsFit& fit = found.fits[0];
  REQUIRE(fit.exponents.size() == 8);
  for (const StepExponent& e : fit.exponents) {
    CHECK(e.c.value == Approx(2 - std::pow(ratio, e.steps)).epsilon(0.01));
    CHECK(*e.c.theory == Approx(2 - std::pow(ratio, e.steps)));
    CHECK(e.d_count == 4);
  }
  REQUIRE(fit.ratio);
  CHECK(fit.limit->value == Approx(2).epsilon(0.01));
  CHECK(fit.ratio->value == Approx(ratio).epsilon(0.03));
  CHECK(fit.gap == Approx(1).epsilon(0.05));
  CHECK(*fit.ratio->theory == Approx(ratio));
}

TEST_CASE("trials of T steps count where there are any, and one step belongs to them") {
  std::vector<Record> records = plant_steps(4, 2, 0, 1);
  for (std::int64_t d : {64, 128, 256, 512})
    for (std::int64_t seed : {1, 2}) {
      Trial trial = planted_trial(OptimizerKind::muon, d, alpha, seed);
      trial.eta_scale = EtaScale::sqrt_d;
      records.push_back(planted_record(trial, 7.0 * static_cast<double>(d)));  // not as the traces have it
    }
  const StepsFits found = fit_of(records);
  REQUIRE(found.fits.size() == 1);
  CHECK(found.fits[0].label == "muon");
  CHECK(found.fits[0].exponents.at(0).c.value == Approx(1));
  CHECK(found.fits[0].exponents.at(1).c.value == Approx(2 - ratio * ratio).epsilon(0.01));
}

TEST_CASE("intervals of exponents, limit and ratio cover in 90 of 100") {
  int exponent = 0, limit = 0, shrinking = 0;
  for (std::uint64_t experiment = 1; experiment <= 100; ++experiment) {
    const StepsFits found = fit_of(plant_steps(10, 6, 0.02, experiment));
    REQUIRE(found.fits.size() == 1);
    REQUIRE(found.fits[0].limit);
    exponent += covers(found.fits[0].exponents.at(2).c, 2 - std::pow(ratio, 3));
    limit += covers(*found.fits[0].limit, 2);
    shrinking += covers(*found.fits[0].ratio, ratio);
  }
  INFO(exponent << " " << limit << " " << shrinking);
  CHECK(exponent >= 90);
  CHECK(limit >= 90);
  CHECK(shrinking >= 90);
}

TEST_CASE("few steps, one seed, one d") {
  const StepsFits few = fit_of(plant_steps(3, 2, 0.01, 1));
  REQUIRE(few.fits.size() == 1);
  CHECK_FALSE(few.fits[0].limit);
  CHECK(few.notes == std::vector<std::string>{"muon alpha=1.5: no law of C against steps, it needs exponents after "
                                              "four numbers of steps and has 3"});
  const StepsFits one = fit_of(plant_steps(6, 1, 0.01, 1));
  CHECK_FALSE(one.fits.at(0).exponents.at(0).c.has_interval());
  CHECK_FALSE(one.fits.at(0).limit->has_interval());
  std::vector<Record> records = plant_steps(6, 2, 0.01, 1);
  std::erase_if(records, [](const Record& r) { return r.trial.d != 64; });
  CHECK(fit_of(records).fits.empty());
  CHECK(fit_of(planted({})).fits.empty());  // one step alone
}

TEST_CASE("cells after some steps that no fit may rest on are left out, and named") {
  std::vector<Record> records = plant_steps(6, 3, 0.01, 1);
  for (Record& record : records)
    if (record.trial.d == 64) record.trace.capacity[0] = record.trace.capacity[1] = 0;
  std::erase_if(records, [](const Record& r) { return r.trial.d == 128 && r.trial.seed > 1; });
  for (Record& record : records)
    if (record.trial.d == 512) record.trace.capacity[5] = 6e11, record.result.capacity = 600'000'000'000;
  const StepsFits found = fit_of(records);
  CHECK(found.notes ==
        std::vector<std::string>{
            "muon alpha=1.5 d=64: left out after 2 numbers of steps, 1 to 2, mean capacity 0",
            "muon alpha=1.5 d=128: left out after 6 numbers of steps, 1 to 6, fewer seeds than 2 (--min-seeds)",
            "muon alpha=1.5 d=512: left out after 6 steps, more than half of 1000000000000 items recovered"});
  const std::vector<StepExponent>& exponents = found.fits.at(0).exponents;
  CHECK(exponents.at(0).d_count == 2);
  CHECK(exponents.at(2).d_count == 3);
  CHECK(exponents.at(5).d_count == 2);
  CHECK(exponents.at(2).c.has_interval());
}

TEST_CASE("after a trial has ended there is no theory") {
  std::vector<Record> records = plant_steps(8, 2, 0.01, 1);
  records[0].trace.capacity.resize(5);
  records[0].result.steps_done = 5;
  const StepsFit fit = fit_of(records).fits.at(0);
  CHECK(fit.exponents.at(4).c.theory);
  CHECK_FALSE(fit.exponents.at(5).c.theory);
}
