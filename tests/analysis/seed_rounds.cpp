#include "memscale/analysis/seed_rounds.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "analysis/planted.hpp"
#include "catch.hpp"
#include "memscale/analysis/ci_estimates.hpp"
#include "memscale/analysis/scaling_fit.hpp"

using namespace memscale;

namespace {

double work_of(const Trial& trial) {
  return static_cast<double>(trial.d * trial.d);
}

/// A result that depends on the trial alone: capacity counts, with the variance phi times its mean.
Record result_of(const Trial& trial, double phi = 0.3) {
  std::mt19937_64 engine(trial_id(trial));
  const double mean = 2 * std::pow(static_cast<double>(trial.d), 1 / (2 * trial.alpha));
  return planted_record(trial, std::max(0.0, mean + std::sqrt(phi * mean) * normal(engine)));
}

std::vector<Trial> grid_of(std::int64_t seeds) {
  std::vector<Trial> grid;
  for (std::int64_t d : {64, 128, 256, 512})
    for (std::int64_t seed = 1; seed <= seeds; ++seed)
      for (double alpha : {1.5, 2.0, 3.0}) grid.push_back(planted_trial(OptimizerKind::gd, d, alpha, seed));
  return grid;
}

const CiTargets wide{.c = 0.12};

/// Everything that rounds have planned in the end, with a store that holds `others` from the beginning and whose
/// records come in the order that `shuffle` makes of them.
struct Ended {
  std::vector<std::uint64_t> ids;
  std::size_t rounds;
  SeedVerdict verdict;
};

Ended run_to_the_end(const std::vector<Trial>& grid, const CiTargets& targets, std::int64_t max_seeds,
                     const std::vector<Trial>& others = {}, unsigned shuffle = 0, bool fails = false) {
  SeedRounds rounds(grid, targets, max_seeds, work_of);
  std::map<std::uint64_t, Record> store;
  const auto run = [&](const std::vector<Trial>& trials) {
    for (const Trial& trial : trials) {
      Record record = result_of(trial);
      if (fails && trial_id(trial) % 4 == 0) record.result.status = TrialStatus::failed;
      store.emplace(trial_id(trial), record);
    }
  };
  run(others);
  run(grid);
  std::mt19937 engine(shuffle);
  for (int round = 0; round < 1000; ++round) {
    std::vector<Record> records;
    for (const auto& [id, record] : store) records.push_back(record);
    std::shuffle(records.begin(), records.end(), engine);
    const std::vector<Trial> trials = rounds.next(records);
    if (trials.empty()) return {rounds.ids(), rounds.rounds(), rounds.verdict()};
    run(trials);
  }
  FAIL("rounds without end");
  return {};
}

}  // namespace

TEST_CASE("rounds end with every interval at its target, and the fit agrees") {
  const Ended ended = run_to_the_end(grid_of(4), wide, 1000);
  CHECK(ended.verdict.intervals == 3);
  CHECK(ended.verdict.missed.empty());
  CHECK(ended.rounds >= 1);
  CHECK(ended.rounds <= 12);
  REQUIRE(ended.verdict.uniform);
  CHECK(static_cast<std::int64_t>(ended.ids.size()) < *ended.verdict.uniform * 12);
}

TEST_CASE("the final trials depend on neither the order of records, nor what else a store holds, nor restarts") {
  const std::vector<Trial> grid = grid_of(4);
  const Ended first = run_to_the_end(grid, wide, 200);
  // Seeds of other jobs, some of which rounds will plan: they have the same results but must not hasten anything.
  std::vector<Trial> others;
  for (const Trial& trial : grid_of(60))
    if (trial.seed > 4 && trial_id(trial) % 3 == 0) others.push_back(trial);
  for (unsigned shuffle : {1U, 2U, 3U}) {
    const Ended again = run_to_the_end(grid, wide, 200, others, shuffle);
    CHECK(again.ids == first.ids);
    CHECK(again.rounds == first.rounds);
  }
}

TEST_CASE("new seeds follow the grid's largest, in every cell") {
  SeedRounds rounds(grid_of(1), wide, 64, work_of);
  std::vector<Record> records;
  for (const Trial& trial : grid_of(1)) records.push_back(result_of(trial));
  CHECK(rounds.most_added() == 63 * 12);
  const std::vector<Trial> second = rounds.next(records);
  CHECK(second.size() == 12);
  for (const Trial& trial : second) CHECK(trial.seed == 2);
  CHECK(rounds.verdict().missed.size() == 3);
  CHECK(std::isinf(rounds.verdict().missed.front().half_width));
  CHECK_FALSE(rounds.verdict().uniform);

  // A list of seeds with gaps.
  std::vector<Trial> gaps;
  for (const Trial& trial : grid_of(7))
    if (trial.seed == 3 || trial.seed == 7) gaps.push_back(trial);
  const Ended ended = run_to_the_end(gaps, wide, 16);
  std::set<std::uint64_t> known(ended.ids.begin(), ended.ids.end());
  CHECK(known.size() == ended.ids.size());
  Trial eighth = gaps.front();
  eighth.seed = 8;
  CHECK(known.contains(trial_id(eighth)));
}

TEST_CASE("a target that cannot be met ends at the most seeds") {
  const Ended ended = run_to_the_end(grid_of(2), {.c = 1e-5}, 16);
  CHECK(ended.verdict.missed.size() == 3);
  CHECK_FALSE(ended.verdict.uniform);
  CHECK(ended.ids.size() <= 16 * 12);
  CHECK(ended.rounds <= 8);
}

TEST_CASE("failed trials stay planned") {
  const Ended ended = run_to_the_end(grid_of(4), wide, 100, {}, 0, true);
  CHECK(ended.verdict.missed.empty());
  CHECK(run_to_the_end(grid_of(4), {.c = 1e-5}, 16, {}, 0, true).ids.size() <= 16 * 12);
}

TEST_CASE("cells without capacity are named and left alone") {
  const std::vector<Trial> grid = grid_of(3);
  SeedRounds rounds(grid, wide, 8, work_of);
  std::vector<Record> records;
  for (const Trial& trial : grid) records.push_back(planted_record(trial, trial.alpha == 3 && trial.d > 64 ? 0 : 10));
  CHECK(rounds.next(records).empty());
  REQUIRE(rounds.verdict().missed.size() == 1);
  CHECK(rounds.verdict().missed.front().name == "C of gd alpha=3");
  CHECK_FALSE(rounds.verdict().missed.front().exists);
}

TEST_CASE("coefficients of the law have targets, too") {
  const CiTargets targets{.c1 = 0.15, .c2 = 0.3};
  const Ended ended = run_to_the_end(grid_of(4), targets, 1000);
  CHECK(ended.verdict.intervals == 2);
  CHECK(ended.verdict.missed.empty());
}

TEST_CASE("terms add up to the numbers of the fit") {
  std::vector<Record> records;
  for (const Trial& trial : grid_of(3)) records.push_back(result_of(trial));
  const Aggregate data = aggregate(records);
  const ScalingFit fit = fit_scaling(data);
  const auto estimates = ci_estimates(data, {.c = 1, .c1 = 1, .c2 = 1});
  REQUIRE(estimates.size() == 5);
  const auto value = [](const CiEstimate& estimate) {
    double sum = 0;
    for (const auto& [cell, weight] : estimate.terms) sum += weight * std::log(cell->mean_capacity);
    return sum;
  };
  for (std::size_t a = 0; a < 3; ++a)
    CHECK(value(estimates[a]) == Approx(fit.families[0].exponents[a].c.value).epsilon(1e-10));
  CHECK(value(estimates[3]) == Approx(fit.families[0].law->c1.value).epsilon(1e-10));
  CHECK(value(estimates[4]) == Approx(fit.families[0].law->c2.value).epsilon(1e-10));
  CHECK(estimates[4].name == "c2 of gd");
}
