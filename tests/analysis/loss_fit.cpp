#include "memscale/analysis/loss_fit.hpp"

#include <cmath>
#include <limits>

#include "analysis/covers.hpp"
#include "analysis/planted.hpp"
#include "catch.hpp"
#include "memscale/analysis/step_laws.hpp"

using namespace memscale;

namespace {

/// Capacities 20 d t, losses 3 capacity^-0.5 of the median, with noise of both; alpha = 1.5.
std::vector<Record> plant_losses(int seeds, double noise, std::uint64_t engine_seed, std::int64_t steps = 6) {
  std::mt19937_64 engine(engine_seed);
  std::vector<Record> records;
  for (std::int64_t d : {64, 128, 256})
    for (int seed = 1; seed <= seeds; ++seed) {
      Trial trial = planted_trial(OptimizerKind::muon, d, 1.5, seed);
      trial.steps = steps;
      std::vector<double> capacities, losses{10};  // before step 1
      for (std::int64_t t = 1; t <= steps; ++t) {
        const double median = 20.0 * static_cast<double>(d * t);
        capacities.push_back(std::round(median * std::exp(noise * normal(engine))));
        losses.push_back(3 / std::sqrt(median) * std::exp(noise * normal(engine)));
      }
      Record record = planted_steps(trial, capacities);
      record.result.loss = losses.back();
      losses.pop_back();
      record.trace.train_loss = losses;
      records.push_back(record);
    }
  return records;
}

LossFits fit_of(const std::vector<Record>& records) {
  const Aggregate data = aggregate(records);
  return fit_step_laws(data, SeedBootstrap(data, 300), {.resamples = 300}).losses;
}

}  // namespace

TEST_CASE("loss against recovered items: slope 1 - alpha, over all d and steps") {
  const LossFits found = fit_of(plant_losses(4, 0.001, 1));
  REQUIRE(found.items.size() == 1);
  CHECK(found.items[0].points.size() == 18);
  CHECK(found.items[0].slope.value == Approx(-0.5).epsilon(0.01));
  CHECK(*found.items[0].slope.theory == Approx(-0.5).epsilon(1e-3));  // N = 1e12
  CHECK(found.items[0].log_factor == Approx(std::log(3.0)).epsilon(0.02));
}

TEST_CASE("few items: theory's slope is that of what is left, and nothing is fitted where most are recovered") {
  std::vector<Record> records = plant_losses(2, 0.001, 1);
  for (Record& record : records) record.trial.items = 100000;
  CHECK(*fit_of(records).items.at(0).slope.theory < -0.52);
  for (Record& record : records)
    record.trial.items = 30000;  // half of them: 128 by 20 after 6 steps, 256 by 20 after 3
  CHECK(fit_of(records).items.at(0).points.size() == 13);
  for (Record& record : records) record.trial.optimizer = OptimizerKind::gd;
  CHECK_FALSE(fit_of(records).items.at(0).slope.theory);
}

TEST_CASE("loss against steps: a power, and one that comes down to a floor") {
  const LossFits power = fit_of(plant_losses(4, 0.001, 1));
  REQUIRE(power.steps.size() == 3);
  CHECK(power.steps[0].rate.value == Approx(0.5).epsilon(0.02));
  CHECK(power.steps[0].floor.value == 0);

  std::vector<Record> records = plant_losses(2, 0, 1, 12);
  for (Record& record : records) {
    for (std::size_t t = 1; t < 12; ++t) record.trace.train_loss[t] = 0.2 + 1.5 * std::pow(t, -2.0);
    record.result.loss = 0.2 + 1.5 * std::pow(12, -2.0);
  }
  const LossStepsFit fit = fit_of(records).steps.at(0);
  CHECK(fit.rate.value == Approx(2).epsilon(1e-4));
  CHECK(fit.floor.value == Approx(0.2).epsilon(1e-4));
  CHECK(fit.factor == Approx(1.5).epsilon(1e-3));
}

TEST_CASE("intervals of the loss laws cover in 90 of 100") {
  int slope = 0, rate = 0;
  for (std::uint64_t experiment = 1; experiment <= 100; ++experiment) {
    const LossFits found = fit_of(plant_losses(6, 0.05, experiment));
    slope += covers(found.items.at(0).slope, -0.5);
    rate += covers(found.steps.at(1).rate, 0.5);
  }
  INFO(slope << " " << rate);
  CHECK(slope >= 90);
  CHECK(rate >= 90);
}

TEST_CASE("without losses there is nothing to fit; with one capacity alone it is told") {
  CHECK(fit_of(planted({})).items.empty());
  CHECK(fit_of(planted({})).notes.empty());
  std::vector<Record> records = plant_losses(2, 0, 1, 2);
  for (Record& record : records) {
    record.trace.capacity = {100, 100};
    record.result.capacity = 100;
  }
  const LossFits same = fit_of(records);
  CHECK(same.items.empty());
  CHECK(same.notes == std::vector<std::string>{"muon alpha=1.5: no law of loss against recovered items, it needs "
                                               "three points whose capacities differ by half and more"});
}

TEST_CASE("a batch's loss is not the population's, and a loss that is not finite is none") {
  std::vector<Record> records = plant_losses(2, 0.01, 1);
  for (Record& record : records) {
    record.trial.batch = 1000;
    record.result.loss = std::numeric_limits<double>::quiet_NaN();
  }
  CHECK(fit_of(records).items.empty());
  records = plant_losses(2, 0.01, 1);
  records[0].trace.train_loss[3] = std::numeric_limits<double>::infinity();
  CHECK(fit_of(records).items.at(0).points.size() == 17);
}
