#include "memscale/analysis/seed_bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/planted.hpp"
#include "catch.hpp"

using namespace memscale;

namespace {

/// Cells of one family, series by series.
std::vector<SeedBootstrap::Term> difference(const Aggregate& data, std::size_t a, std::size_t b) {
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
  const Estimate alone = bootstrap.estimate({{&data.families[0].series[0].cells[0], 1}});
  const Estimate between = bootstrap.estimate(difference(data, 0, 1));
  CHECK(alone.standard_error > 0.05);
  CHECK(between.value == Approx(-std::log(5.0)));
  CHECK(between.standard_error < 1e-12);
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
  const double one = bootstrap.estimate({{&cells.at(0), 1}}).standard_error;
  const double both = bootstrap.estimate({{&cells.at(0), 1}, {&cells.at(1), -1}}).standard_error;
  CHECK(both == Approx(std::sqrt(2.0) * one).epsilon(0.15));  // 1000 replicates: a few per cent
}

TEST_CASE("a cell that lacks seeds is still resampled with its own number of seeds") {
  std::vector<Record> records = paired_records();
  records.pop_back();
  records.pop_back();
  const Aggregate data = aggregate(records);
  const Cell& six = data.families.at(0).series.at(1).cells.at(0);
  REQUIRE(six.seeds.size() == 6);
  const Estimate e = SeedBootstrap(data).estimate({{&six, 1}});
  REQUIRE(e.has_interval());
  CHECK(e.standard_error == Approx(six.standard_error / six.mean_capacity).epsilon(0.2));  // first order of log
}

TEST_CASE("the interval of a mean's logarithm is near Student's") {
  const Aggregate data = aggregate(planted({.factor = 1e6, .noise = 0.02, .seeds = 5, .d = {64}, .alpha = {2}}));
  const Cell& cell = data.families.at(0).series.at(0).cells.at(0);
  const Estimate e = SeedBootstrap(data, 20000).estimate({{&cell, 1}});
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
    const Estimate e = bootstrap.estimate({{&series.at(static_cast<std::size_t>(first)).cells.at(0), 1},
                                           {&series.at(static_cast<std::size_t>(second)).cells.at(0), 1}});
    CHECK((e.high - e.low) / 2 == Approx(2.776 * e.standard_error).epsilon(0.1));  // t_4 at 97.5 %; t_19 is 2.093
  }
}

TEST_CASE("estimates are the same each time and in any order of records") {
  std::vector<Record> records = planted({.noise = 0.2});
  const Aggregate one = aggregate(records);
  std::reverse(records.begin(), records.end());
  const Aggregate two = aggregate(records);
  const Estimate a = SeedBootstrap(one).estimate(difference(one, 0, 2));
  const Estimate b = SeedBootstrap(two).estimate(difference(two, 0, 2));
  CHECK(a.low == b.low);
  CHECK(a.high == b.high);
  CHECK(a.standard_error == b.standard_error);
}
