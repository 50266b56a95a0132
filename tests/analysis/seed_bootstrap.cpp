#include "memscale/analysis/seed_bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/planted.hpp"
#include "catch.hpp"
#include "memscale/analysis/scaling_fit.hpp"

using namespace memscale;

namespace {

struct Term {
  const Cell* cell;
  double weight;
};

/// sum of weight log(mean capacity).
Estimate estimate(const SeedBootstrap& bootstrap, const std::vector<Term>& terms) {
  std::vector<LawPoint> points;
  std::vector<double> weights;
  for (const Term& term : terms) {
    points.push_back(capacity_point(*term.cell, bootstrap));
    weights.push_back(term.weight);
  }
  return linear_estimate(points, weights);
}

/// Cells of one family, series by series.
std::vector<Term> difference(const Aggregate& data, std::size_t a, std::size_t b) {
  const auto& series = data.families.at(0).series;
  return {{&series.at(a).cells.at(0), 1}, {&series.at(b).cells.at(0), -1}};
}

/// One d, two alphas whose capacities are the same multiple of each other seed by seed: fully paired.
std::vector<Record> paired_records() {
  std::vector<Record> records = planted({.factor = 1e4, .noise = 0.3, .seeds = 8, .d = {64}, .alpha = {2}});
  for (std::size_t i = 0; i < 8; ++i) {
    Record other = records[i];
    other.trial.alpha = 3;
    other.result.capacity *= 5;
    records.push_back(other);
  }
  return records;
}

}  // namespace

TEST_CASE("alphas share their resamples: what is common to them cancels from a difference") {
  const Aggregate data = aggregate(paired_records());
  const SeedBootstrap bootstrap(data);
  const Estimate alone = estimate(bootstrap, {{&data.families[0].series[0].cells[0], 1}});
  const Estimate between = estimate(bootstrap, difference(data, 0, 1));
  CHECK(alone.standard_error > 0.05);
  CHECK(between.value == Approx(-std::log(5.0)));
  CHECK(between.standard_error < 1e-6);  // deviations are float32
}

TEST_CASE("each d is resampled apart: equal noise at two d does not cancel") {
  std::vector<Record> records = planted({.factor = 1e4, .noise = 0.3, .seeds = 8, .d = {64}, .alpha = {2}});
  for (std::size_t i = 0; i < 8; ++i) {
    Record other = records[i];
    other.trial.d = 128;
    records.push_back(other);
  }
  const Aggregate data = aggregate(records);
  const auto& cells = data.families.at(0).series.at(0).cells;
  const SeedBootstrap bootstrap(data);
  const double one = estimate(bootstrap, {{&cells.at(0), 1}}).standard_error;
  const double both = estimate(bootstrap, {{&cells.at(0), 1}, {&cells.at(1), -1}}).standard_error;
  CHECK(both == Approx(std::sqrt(2.0) * one).epsilon(0.15));  // 1000 replicates: a few per cent
}

TEST_CASE("a cell that lacks seeds is still resampled with its own number of seeds") {
  std::vector<Record> records = paired_records();
  records.pop_back();
  records.pop_back();
  const Aggregate data = aggregate(records);
  const Cell& six = data.families.at(0).series.at(1).cells.at(0);
  REQUIRE(six.seeds.size() == 6);
  const Estimate e = estimate(SeedBootstrap(data), {{&six, 1}});
  REQUIRE(e.has_interval());
  CHECK(e.standard_error == Approx(six.standard_error / six.mean_capacity).epsilon(0.2));  // first order of log
}

TEST_CASE("the interval of a mean's logarithm is near Student's") {
  const Aggregate data = aggregate(planted({.factor = 1e6, .noise = 0.02, .seeds = 5, .d = {64}, .alpha = {2}}));
  const Cell& cell = data.families.at(0).series.at(0).cells.at(0);
  const Estimate e = estimate(SeedBootstrap(data, 20000), {{&cell, 1}});
  const double half = 2.776 * cell.standard_error / cell.mean_capacity;  // t_4 at 97.5 %
  CHECK((e.high - e.low) / 2 == Approx(half).epsilon(0.1));              // resamples of 5 seeds are not quite normal
}

TEST_CASE("where cells of one d differ in seeds, the fewest decide how wide the interval is") {
  const std::vector<Record> many = planted({.factor = 1e6, .noise = 0.02, .seeds = 20, .d = {64}, .alpha = {2}});
  std::vector<Record> records = many;
  for (std::size_t i = 0; i < 5; ++i) {
    Record other = many[i];
    other.trial.alpha = 3;
    records.push_back(other);
  }
  const Aggregate data = aggregate(records);
  const auto& series = data.families.at(0).series;
  const SeedBootstrap bootstrap(data, 20000);
  for (const auto& [first, second] : {std::pair{0, 1}, std::pair{1, 0}}) {
    const Estimate e = estimate(bootstrap, {{&series.at(static_cast<std::size_t>(first)).cells.at(0), 1},
                                            {&series.at(static_cast<std::size_t>(second)).cells.at(0), 1}});
    CHECK((e.high - e.low) / 2 == Approx(2.776 * e.standard_error).epsilon(0.1));  // t_4 at 97.5 %; t_19 is 2.093
  }
}

TEST_CASE("estimates are the same each time and in any order of records") {
  std::vector<Record> records = planted({.noise = 0.2});
  const Aggregate one = aggregate(records);
  std::reverse(records.begin(), records.end());
  const Aggregate two = aggregate(records);
  const Estimate a = estimate(SeedBootstrap(one), difference(one, 0, 2));
  const Estimate b = estimate(SeedBootstrap(two), difference(two, 0, 2));
  CHECK(a.low == b.low);
  CHECK(a.high == b.high);
  CHECK(a.standard_error == b.standard_error);
}

TEST_CASE("thousands of seeds are resampled in groups, to the same spread") {
  std::vector<Record> records = planted({.factor = 1e6, .noise = 0.5, .seeds = 10000, .d = {64}, .alpha = {2}});
  const Aggregate data = aggregate(records);
  const Cell& cell = data.families.at(0).series.at(0).cells.at(0);
  const Estimate e = estimate(SeedBootstrap(data), {{&cell, 1}});
  CHECK(e.standard_error == Approx(cell.standard_error / cell.mean_capacity).epsilon(0.15));
}

TEST_CASE("hundreds of paired seeds still cancel where a cell lacks one of them") {
  std::vector<Record> records = planted({.factor = 1e6, .noise = 0.3, .seeds = 600, .d = {64}, .alpha = {2}});
  const std::vector<Record> first = records;
  for (std::size_t i = 1; i < first.size(); ++i) {
    Record other = first[i];
    other.trial.alpha = 3;
    other.result.capacity *= 5;
    records.push_back(other);
  }
  const Aggregate data = aggregate(records);
  const SeedBootstrap bootstrap(data);
  const double alone = estimate(bootstrap, {{&data.families[0].series[0].cells[0], 1}}).standard_error;
  CHECK(estimate(bootstrap, difference(data, 0, 1)).standard_error < 0.2 * alone);  // 0.04 by the one seed's share
}

TEST_CASE("a resample's mean is that of its draws: brute force") {
  // With two seeds the resampled mean is one value, the other or their mean, in 1 : 1 : 2 of the resamples.
  std::vector<Record> records = planted({.seeds = 2, .d = {64}, .alpha = {2}});
  records[0].result.capacity = 100;
  records[1].result.capacity = 300;
  const Aggregate data = aggregate(records);
  const Cell& cell = data.families.at(0).series.at(0).cells.at(0);
  const SeedBootstrap bootstrap(data, 4000);
  int low = 0, high = 0, both = 0;
  for (float deviation : bootstrap.log_deviations(cell, cell.capacities)) {
    const double ratio = std::exp(deviation / std::sqrt(2.0));
    low += ratio == Approx(0.5).epsilon(1e-5);
    high += ratio == Approx(1.5).epsilon(1e-5);
    both += ratio == Approx(1).epsilon(1e-5);
  }
  CHECK(low + high + both == 4000);
  CHECK(std::abs(low - 1000) < 150);  // 5 standard deviations: sqrt(4000 3/16) = 27
  CHECK(std::abs(high - 1000) < 150);
}

TEST_CASE("several columns of a cell are resampled as each alone") {
  const Aggregate data = aggregate(planted({.noise = 0.3, .seeds = 9, .d = {64}, .alpha = {2}}));
  const Cell& cell = data.families[0].series[0].cells[0];
  const SeedBootstrap bootstrap(data, 200);
  std::vector<std::vector<double>> columns{cell.capacities, cell.capacities, std::vector<double>(9, 0)};
  for (std::size_t i = 0; i < 9; ++i) columns[1][i] = static_cast<double>(i + 1);
  const auto together = bootstrap.log_deviations(cell, columns);
  REQUIRE(together.size() == 3);
  CHECK(together[2].empty());  // no mean
  for (std::size_t k = 0; k < 2; ++k) {
    const std::vector<float> alone = bootstrap.log_deviations(cell, columns[k]);
    REQUIRE(together[k].size() == 200);
    for (std::size_t r = 0; r < 200; ++r) CHECK(std::abs(together[k][r] - alone[r]) < 1e-5);  // float32, another order
  }
  CHECK(together[0] != together[1]);
}
