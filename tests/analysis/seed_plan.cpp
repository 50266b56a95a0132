#include "memscale/analysis/seed_plan.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "catch.hpp"

using namespace memscale;

namespace {

constexpr double no_interval = std::numeric_limits<double>::infinity();

/// A cell whose capacities have exactly this mean and relative standard deviation; `seeds` is even.
SeedCell cell_of(double mean, double spread, int seeds, double work = 1) {
  SeedCell cell;
  const double n = seeds, deviation = spread * mean * std::sqrt((n - 1) / n);
  for (int i = 0; i < seeds; ++i) cell.capacities.push_back(mean + (i % 2 == 0 ? deviation : -deviation));
  cell.planned = seeds;
  cell.work = work;
  return cell;
}

/// t sqrt(sum w^2 s^2 / n), for cells whose s is what their variance over their mean pools to.
double half_width(const std::vector<double>& variances, const std::vector<std::int64_t>& seeds) {
  double sum = 0, weighted = 0;
  for (std::size_t k = 0; k < seeds.size(); ++k) {
    const double v = variances[k] / static_cast<double>(seeds[k]);
    sum += v;
    weighted += v * v / static_cast<double>(seeds[k] - 1);
  }
  return boost::math::quantile(boost::math::students_t(sum * sum / weighted), 0.975) * std::sqrt(sum);
}

/// Rounds until nothing is added, where each cell's seeds have this spread, and phi is 1; the cells in the end.
std::vector<SeedCell> planned_to_the_end(std::vector<SeedCell> cells, std::vector<SeedEstimate> estimates,
                                         const std::vector<double>& spread, std::int64_t max_seeds, int* rounds) {
  for (*rounds = 0; *rounds < 1000; ++*rounds) {
    for (SeedEstimate& estimate : estimates) {
      std::vector<double> variances;
      std::vector<std::int64_t> seeds;
      for (const SeedEstimate::Term& term : estimate.terms) {
        variances.push_back(std::pow(term.weight * spread[term.cell], 2));
        seeds.push_back(static_cast<std::int64_t>(cells[term.cell].capacities.size()));
      }
      estimate.half_width = half_width(variances, seeds);
    }
    const std::vector<std::int64_t> added = plan_seeds(cells, estimates, max_seeds);
    if (std::accumulate(added.begin(), added.end(), std::int64_t{0}) == 0) break;
    for (std::size_t k = 0; k < cells.size(); ++k) {
      REQUIRE(added[k] <= std::max<std::int64_t>(2, static_cast<std::int64_t>(cells[k].capacities.size())));
      if (added[k] == 0) continue;
      const auto seeds = static_cast<int>(cells[k].planned + added[k]);
      SeedCell more =
          cell_of(1 / (spread[k] * spread[k]), spread[k], seeds % 2 == 0 ? seeds : seeds + 1, cells[k].work);
      more.capacities.resize(static_cast<std::size_t>(seeds));
      more.planned = seeds;
      cells[k] = more;
    }
  }
  return cells;
}

}  // namespace

TEST_CASE("two cells get what brute force finds to be the least work") {
  // One round reaches the optimum where doubling suffices. phi is the same in both, so pooling changes nothing.
  for (const double work : {1.0, 9.0}) {
    const std::vector<SeedCell> cells{cell_of(100, 0.2, 40), cell_of(400, 0.1, 40, work)};
    const std::vector<double> variances{0.04, 0.01};
    SeedEstimate estimate{{{0, 1}, {1, -1}}, 0, half_width(variances, {40, 40})};
    estimate.target = 0.85 * estimate.half_width;
    const std::vector<std::int64_t> added = plan_seeds(cells, {estimate}, 1000);
    double least = std::numeric_limits<double>::infinity();
    for (std::int64_t a = 40; a <= 80; ++a)
      for (std::int64_t b = 40; b <= 80; ++b)
        if (half_width(variances, {a, b}) <= 0.97 * estimate.target)
          least = std::min(least, static_cast<double>(a) + work * static_cast<double>(b));
    const std::vector<std::int64_t> seeds{40 + added[0], 40 + added[1]};
    CHECK(half_width(variances, seeds) <= estimate.target);
    // Rounding up may cost a seed of each.
    CHECK(static_cast<double>(seeds[0]) + work * static_cast<double>(seeds[1]) <= least + 1 + work);
    CHECK(added[0] > added[1]);
  }
}

TEST_CASE("three cells by rounds come near to brute force, and no round more than doubles") {
  const std::vector<double> spread{0.3, 0.1, 0.05};
  const std::vector<double> weights{-0.5, 0.1, 0.4};
  std::vector<SeedCell> cells;
  SeedEstimate estimate{{}, 0.02, 1};
  std::vector<double> variances;
  for (std::size_t k = 0; k < 3; ++k) {
    cells.push_back(cell_of(1 / (spread[k] * spread[k]), spread[k], 4, static_cast<double>(1 + k)));
    estimate.terms.push_back({k, weights[k]});
    variances.push_back(std::pow(weights[k] * spread[k], 2));
  }
  int rounds = 0;
  const std::vector<SeedCell> found = planned_to_the_end(cells, {estimate}, spread, 1000, &rounds);
  double least = std::numeric_limits<double>::infinity(), work = 0;
  for (std::int64_t a = 4; a <= 400; ++a)
    for (std::int64_t b = 4; b <= 30; ++b)
      for (std::int64_t c = 4; c <= 80; ++c)
        if (const auto of = static_cast<double>(a + 2 * b + 3 * c);
            of < least && half_width(variances, {a, b, c}) <= 0.97 * 0.02)
          least = of;
  for (const SeedCell& cell : found) work += static_cast<double>(cell.capacities.size()) * cell.work;
  CHECK(work <= 1.1 * least);
  CHECK(rounds <= 10);
}

TEST_CASE("only cells of estimates that miss get seeds, and a cell gets what its most demanding estimate asks for") {
  const std::vector<SeedCell> cells{cell_of(100, 0.1, 8), cell_of(100, 0.1, 8), cell_of(100, 0.1, 8)};
  const double wide = half_width({0.01, 0.01}, {8, 8});
  const SeedEstimate met{{{0, 1}, {1, 1}}, wide, wide}, near{{{1, 1}, {2, 1}}, 0.95 * wide, wide};
  const SeedEstimate far{{{1, 1}, {2, 1}}, 0.75 * wide, wide};
  CHECK(plan_seeds(cells, {met}, 64) == std::vector<std::int64_t>{0, 0, 0});
  const auto some = plan_seeds(cells, {met, near}, 64), more = plan_seeds(cells, {met, far}, 64);
  CHECK(some[0] == 0);
  CHECK(some[1] > 0);
  CHECK(more[1] > some[1]);
  CHECK(plan_seeds(cells, {near, far, met}, 64) == more);
}

TEST_CASE("no cell gets beyond the most, failed trials counted, and what cannot be met ends") {
  std::vector<SeedCell> cells{cell_of(100, 0.3, 8), cell_of(100, 0.3, 8)};
  cells[1].planned = 15;  // seven have failed
  const SeedEstimate far{{{0, 1}, {1, 1}}, 1e-6, 0.4};
  CHECK(plan_seeds(cells, {far}, 16) == std::vector<std::int64_t>{8, 1});
  CHECK(plan_seeds(cells, {far}, 8) == std::vector<std::int64_t>{0, 0});
  CHECK(plan_seeds(cells, {far}, 2) == std::vector<std::int64_t>{0, 0});
  // A cell that does not matter is left alone even where all others go to the most.
  cells = {cell_of(100, 0.3, 8), cell_of(100, 0.3, 8), cell_of(100, 0.3, 8)};
  const SeedEstimate lopsided{{{0, 1}, {1, 1}, {2, 1e-3}}, 1e-6, 0.4};
  CHECK(plan_seeds(cells, {lopsided}, 16) == std::vector<std::int64_t>{8, 8, 0});
  int rounds = 0;
  const auto ended = planned_to_the_end(cells, {lopsided}, {0.3, 0.3, 0.3}, 50, &rounds);
  CHECK(rounds <= 5);
  CHECK(ended[0].planned >= 49);  // within 1 % of the best half-width
  CHECK(ended[2].planned == 8);
}

TEST_CASE("an interval a little wider than expected still gets a seed") {
  const std::vector<SeedCell> cells{cell_of(100, 0.1, 8), cell_of(100, 0.2, 8)};
  const double now = half_width({0.01, 0.04}, {8, 8});
  const auto added = plan_seeds(cells, {SeedEstimate{{{0, 1}, {1, 1}}, now, now * (1 + 1e-12)}}, 64);
  CHECK(added[0] + added[1] >= 1);
  CHECK(added[0] + added[1] <= 2);
}

TEST_CASE("cells of one seed get a second one first") {
  SeedCell one = cell_of(100, 0.1, 2);
  one.capacities.resize(1);
  one.planned = 1;
  SeedCell lost = one;
  lost.planned = 3;  // two have failed
  const std::vector<SeedCell> cells{one, cell_of(100, 0.1, 8), lost};
  const SeedEstimate estimate{{{0, 1}, {1, 1}, {2, 1}}, 0.01, no_interval};
  CHECK(plan_seeds(cells, {estimate}, 64) == std::vector<std::int64_t>{1, 0, 1});
  CHECK(plan_seeds(cells, {estimate}, 3) == std::vector<std::int64_t>{1, 0, 0});
  CHECK_FALSE(uniform_seeds(cells, {estimate}, 64));
}

TEST_CASE("seeds that agree by chance do not pass for certainty") {
  // phi = 0.0625 * 4 / 2 over both: s of the first is drawn towards sqrt(phi / mean).
  const std::vector<SeedCell> cells{cell_of(4, 0, 2), cell_of(4, 0.25, 2)};
  const auto added = plan_seeds(cells, {SeedEstimate{{{0, 1}, {1, 1}}, 0.1, 1}}, 64);
  CHECK(added == std::vector<std::int64_t>{2, 2});
  const std::vector<SeedCell> certain{cell_of(4, 0, 2), cell_of(8, 0, 2)};
  CHECK(plan_seeds(certain, {SeedEstimate{{{0, 1}, {1, 1}}, 0.1, 0}}, 64) == std::vector<std::int64_t>{0, 0});
}

TEST_CASE("cells without capacity") {
  // No such number: nothing to do. No interval for zeros: more seeds of the cells that have them, up to the most.
  std::vector<SeedCell> cells{cell_of(4, 0.25, 4), cell_of(4, 0.25, 4)};
  cells[1].capacities = {0, 0, 0, 3};
  CHECK(plan_seeds(cells, {SeedEstimate{{}, 0.1, no_interval}}, 64) == std::vector<std::int64_t>{0, 0});
  const SeedEstimate estimate{{{0, 1}, {1, 1}}, 0.1, no_interval};
  CHECK(plan_seeds(cells, {estimate}, 64) == std::vector<std::int64_t>{0, 4});
  CHECK(plan_seeds(cells, {estimate}, 4) == std::vector<std::int64_t>{0, 0});
  CHECK_FALSE(uniform_seeds(cells, {SeedEstimate{{}, 0.1, no_interval}}, 64));
}

TEST_CASE("a uniform number of seeds is the least that meets every target") {
  const std::vector<SeedCell> cells{cell_of(100, 0.1, 8), cell_of(100, 0.1, 8), cell_of(100, 0.1, 8)};
  const double now = half_width({0.01, 0.01}, {8, 8});
  const SeedEstimate near{{{0, 1}, {1, 1}}, 0.8 * now, now}, far{{{1, 1}, {2, 1}}, 0.5 * now, now};
  std::int64_t least = 2;
  while (half_width({0.01, 0.01}, {least, least}) > 0.5 * now) ++least;
  CHECK(uniform_seeds(cells, {near, far}, 64) == least);
  CHECK_FALSE(uniform_seeds(cells, {near, far}, least - 1));
  CHECK(uniform_seeds(cells, {}, 64) == 2);
}
