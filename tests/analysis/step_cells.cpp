#include "memscale/analysis/step_cells.hpp"

#include <cmath>

#include "analysis/planted.hpp"
#include "catch.hpp"
#include "memscale/analysis/step_laws.hpp"

using namespace memscale;

namespace {

/// Trials of so many steps whose capacities and losses are random, and no other's.
std::vector<Record> random_steps(std::int64_t steps) {
  std::mt19937_64 engine(1);
  std::vector<Record> records;
  for (std::int64_t d : {64, 128})
    for (int seed = 1; seed <= 5; ++seed) {
      Trial trial = planted_trial(OptimizerKind::muon, d, 1.5, seed);
      trial.steps = steps;
      std::vector<double> capacities;
      for (std::int64_t t = 0; t < steps; ++t) capacities.push_back(std::round(1000 * std::exp(0.5 * normal(engine))));
      Record record = planted_steps(trial, capacities);
      record.trace.train_loss.resize(static_cast<std::size_t>(steps));
      for (double& loss : record.trace.train_loss) loss = std::exp(0.5 * normal(engine));
      record.result.loss = std::exp(0.5 * normal(engine));
      records.push_back(record);
    }
  return records;
}

void check_resamples(const LawPoint& point, const Cell& cell, const std::vector<double>& values,
                     const SeedBootstrap& bootstrap) {
  const std::vector<float> alone = bootstrap.log_deviations(cell, values);
  REQUIRE(point.deviations.size() == alone.size());
  for (std::size_t r = 0; r < alone.size(); ++r)
    CHECK(std::abs(point.deviations[r] - alone[r]) < 1e-5);  // float32, another order
}

}  // namespace

TEST_CASE("each point has the resamples of its own step and cell, of capacity and of loss") {
  const Aggregate data = aggregate(random_steps(3));
  const SeedBootstrap bootstrap(data, 100);
  const auto groups = families_along(data, "steps");
  const auto sweeps = step_sweeps(groups);
  REQUIRE(sweeps.size() == 1);
  std::vector<std::string> notes;
  const auto points = step_points(sweeps[0], usable_cells(sweeps[0], {}, notes), bootstrap);
  REQUIRE(points.size() == 6);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const StepPoint& point = points[i];
    CHECK(point.at.steps == static_cast<std::int64_t>(i / 2 + 1));
    CHECK(point.at.cell->trial.d == (i % 2 == 0 ? 64 : 128));
    REQUIRE(point.loss);
    check_resamples(point.capacity, *point.at.cell, point.at.capacities(), bootstrap);
    check_resamples(*point.loss, *point.at.cell, point.at.losses(), bootstrap);
  }
}

TEST_CASE("losses after one step alone are no law along steps") {
  const Aggregate data = aggregate(random_steps(1));
  const StepLaws laws = fit_step_laws(data, SeedBootstrap(data, 100), {.resamples = 100});
  CHECK(laws.steps.fits.empty());
  CHECK(laws.steps.notes.empty());
  CHECK(laws.losses.notes.size() == 1);  // two points make no law against recovered items either
}
