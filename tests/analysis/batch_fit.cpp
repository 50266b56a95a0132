#include "memscale/analysis/batch_fit.hpp"

#include <cmath>
#include <limits>

#include "analysis/covers.hpp"
#include "analysis/planted.hpp"
#include "catch.hpp"

using namespace memscale;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Capacities 0.5 d^(4/3) below which 2 B^(2/3) cuts in, with the crossover's own smoothness, at alpha = 1.5: the
/// critical batch size is d^2 / 8.
struct PlantedBatches {
  std::vector<std::int64_t> d{64, 128, 256};
  std::vector<double> batch{32, 100, 316, 1000, 3162, 10000, 31623, 100000, 1e6, infinity};
  double overshoot = 0;
  double noise = 0.05;  ///< of each trial
  double shared = 0;    ///< of each (d, seed), as embeddings are shared by all batch sizes
  int seeds = 8;
};

double capacity(const PlantedBatches& plan, std::int64_t d, double batch) {
  const double plateau = 0.5 * std::pow(static_cast<double>(d), 4.0 / 3);
  const double r = batch / (static_cast<double>(d * d) / 8);
  const double ceiling = 1 + plan.overshoot * std::pow(r, -1.5);
  return plateau * std::pow(std::pow(r, -8 * 2.0 / 3) + std::pow(ceiling, -8), -1.0 / 8);
}

std::vector<Record> plant_batches(const PlantedBatches& plan, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::vector<Record> records;
  for (std::int64_t d : plan.d)
    for (int s = 1; s <= plan.seeds; ++s) {
      const double shared = plan.shared * normal(engine);
      for (double batch : plan.batch) {
        Trial trial = planted_trial(OptimizerKind::muon, d, 1.5, s);
        trial.batch = batch;
        records.push_back(
            planted_record(trial, capacity(plan, d, batch) * std::exp(shared + plan.noise * normal(engine))));
      }
    }
  return records;
}

BatchFits fit_of(const std::vector<Record>& records, int resamples = 200) {
  const Aggregate data = aggregate(records);
  const FitOptions options{.resamples = resamples};
  return fit_batches(data, SeedBootstrap(data, options.resamples), options);
}

}  // namespace

TEST_CASE("planted crossovers: branch, plateau, critical batch size and its exponent") {
  for (double overshoot : {0.0, 1.0}) {
    const BatchFits found = fit_of(plant_batches({.overshoot = overshoot, .noise = 0.01}, 3));
    CHECK(found.notes.empty());
    REQUIRE(found.fits.size() == 1);
    const BatchFit& fit = found.fits[0];
    CHECK(fit.label == "muon");
    REQUIRE(fit.crossovers.size() == 3);
    for (const Crossover& c : fit.crossovers) {
      INFO("d " << c.d << " overshoot " << overshoot);
      CHECK(c.branch.value == Approx(2.0 / 3).epsilon(0.03));
      CHECK(c.branch.theory == 1 / 1.5);
      CHECK(c.plateau.value == Approx(0.5 * std::pow(c.d, 4.0 / 3)).epsilon(0.02));
      CHECK(c.critical.value == Approx(c.d * c.d / 8.0).epsilon(0.08));
      CHECK(c(1e9) == Approx(c.plateau.value).epsilon(1e-3));
      CHECK(c.points.back().batch == infinity);
    }
    REQUIRE(fit.critical_exponent);
    CHECK(fit.critical_exponent->value == Approx(2).epsilon(0.03));
    CHECK(fit.critical_exponent->theory == Approx(2));  // alpha + 1/2
  }
}

TEST_CASE("intervals of crossovers cover the planted truth in 90 of 100, also where batch sizes share their noise") {
  for (double shared : {0.0, 0.2}) {
    int branch = 0, plateau = 0, critical = 0, exponent = 0;
    for (std::uint64_t experiment = 1; experiment <= 100; ++experiment) {
      const BatchFits found = fit_of(plant_batches({.shared = shared}, experiment));
      REQUIRE(found.fits.size() == 1);
      const BatchFit& fit = found.fits[0];
      REQUIRE(fit.crossovers.size() == 3);
      const Crossover& c = fit.crossovers[1];
      branch += covers(c.branch, 2.0 / 3);
      // The mean of a lognormal is exp(variance / 2) above its median.
      plateau += covers(c.plateau, capacity({}, 128, infinity) * std::exp((shared * shared + 0.05 * 0.05) / 2));
      critical += covers(c.critical, 128 * 128 / 8.0);
      exponent += covers(*fit.critical_exponent, 2);
    }
    INFO("shared " << shared << ": " << branch << " " << plateau << " " << critical << " " << exponent);
    CHECK(branch >= 90);
    CHECK(plateau >= 90);
    CHECK(critical >= 90);
    CHECK(exponent >= 90);
  }
}

TEST_CASE("what shows no crossover is told, not fitted") {
  PlantedBatches plan;
  plan.batch = {32, 100, 316};
  CHECK(fit_of(plant_batches(plan, 1)).notes.at(0) ==
        "muon alpha=1.5 d=64: no crossover in batch size, it needs five usable batch sizes and has 3");
  plan.batch = {1e5, 2e5, 5e5, 1e6, 1e7, infinity};  // the plateau alone
  const BatchFits flat = fit_of(plant_batches(plan, 1));
  CHECK(flat.fits.empty());
  CHECK(flat.notes.size() == 4);
  plan.batch = {1, 2, 4, 8, 16, 32};  // the branch alone
  CHECK(fit_of(plant_batches(plan, 1)).fits.empty());
  plan.batch = {100, infinity};  // not a sweep over batch sizes
  CHECK(fit_of(plant_batches(plan, 1)).notes.empty());
}

TEST_CASE("one seed gives crossovers without intervals, and capacities of 0 are left out") {
  PlantedBatches plan;
  plan.seeds = 1;
  const BatchFits one = fit_of(plant_batches(plan, 2));
  REQUIRE(one.fits.size() == 1);
  CHECK_FALSE(one.fits[0].crossovers[0].critical.has_interval());
  CHECK_FALSE(one.fits[0].critical_exponent->has_interval());
  std::vector<Record> records = plant_batches({}, 2);
  for (Record& record : records) record.result.capacity = 0;
  CHECK(fit_of(records).fits.empty());
}
