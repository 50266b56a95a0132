#include "memscale/model/batch.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "catch.hpp"
#include "memscale/model/frequencies.hpp"

namespace memscale {

namespace {

/// Counts of all items, those without one included; (items).
Vector counts_of(const Batch& batch, double B, Eigen::Index items) {
  Vector counts = Vector::Zero(items);
  for (std::size_t k = 0; k < batch.items.size(); ++k)
    counts(batch.items[k]) = std::round(batch.q(static_cast<Eigen::Index>(k)) * B);
  return counts;
}

Vector draw_counts(const Vector& p, double B, std::uint64_t seed) {
  return counts_of(draw_batch(p, B, seed, 64, 1), B, p.size());
}

/// Pearson's sum (n_i - B p_i)^2 / (B p_i): mean items - 1, variance about 2 (items - 1).
double chi_square(const Vector& counts, const Vector& p, double B) {
  return ((counts - B * p).array().square() / (B * p.array())).sum();
}

bool equal(const Batch& a, const Batch& b) {
  return a.items == b.items && a.q == b.q;
}

}  // namespace

TEST_CASE("the population is all items at their frequencies", "[model]") {
  const Vector p = zipf_frequencies(4, 1.5);
  const Batch batch = population_batch(p);
  CHECK(batch.items == std::vector<std::int64_t>{0, 1, 2, 3});
  CHECK(batch.q == p);
}

TEST_CASE("a batch holds exactly B draws of distinct ascending items", "[model]") {
  for (std::int64_t items : {1, 2, 3, 50, 20000})
    for (double alpha : {0.1, 1.5, 3.0})
      for (double B : {1.0, 2.0, 64.0, 1e5, 1e9, 1e15}) {
        const Vector p = zipf_frequencies(items, alpha);
        const Batch batch = draw_batch(p, B, 5, 64, 3);
        REQUIRE(static_cast<Eigen::Index>(batch.items.size()) == batch.q.size());
        for (std::size_t k = 1; k < batch.items.size(); ++k) REQUIRE(batch.items[k - 1] < batch.items[k]);
        REQUIRE(batch.items.front() >= 0);
        REQUIRE(batch.items.back() < items);
        REQUIRE(batch.q.minCoeff() > 0);
        const Vector counts = counts_of(batch, B, items);
        std::int64_t sum = 0;
        for (double count : counts) sum += static_cast<std::int64_t>(count);
        REQUIRE(sum == static_cast<std::int64_t>(B));
        if (items == 1) REQUIRE(batch.q(0) == 1);
      }
}

TEST_CASE("means, variances and a covariance are those of the multinomial distribution", "[model]") {
  constexpr int items = 400, repeats = 4000;
  constexpr double B = 100;  // binomials for about the first twenty items, then single draws
  const Vector p = zipf_frequencies(items, 1.2);
  Matrix counts(repeats, items);
  for (int seed = 0; seed < repeats; ++seed) counts.row(seed) = draw_counts(p, B, static_cast<std::uint64_t>(seed));
  const auto covariance = [&](int i, int j) {
    return ((counts.col(i).array() - B * p(i)) * (counts.col(j).array() - B * p(j))).mean();  // about known means
  };
  for (int i : {0, 1, 2, 9, 19, 24, 60, 399}) {
    const double variance = B * p(i) * (1 - p(i));
    const double fourth_moment = variance * (1 + 3 * (B - 2) * p(i) * (1 - p(i)));
    CHECK(std::abs(counts.col(i).mean() - B * p(i)) < 5 * std::sqrt(variance / repeats));
    CHECK(std::abs(covariance(i, i) - variance) < 5 * std::sqrt((fourth_moment - variance * variance) / repeats));
  }
  for (const auto& [i, j] : {std::pair{0, 1}, {0, 60}, {25, 26}}) {
    const double expected = -B * p(i) * p(j), variances = B * p(i) * (1 - p(i)) * B * p(j) * (1 - p(j));
    // the variance of a product of correlated normal numbers
    CHECK(std::abs(covariance(i, j) - expected) < 5 * std::sqrt((variances + expected * expected) / repeats));
  }
}

TEST_CASE("counts pass Pearson's test from few draws to 1e15", "[model]") {
  const Vector p = (Vector(6) << 0.5, 0.3, 0.1, 0.06, 0.03, 0.01).finished();
  constexpr int repeats = 400;
  for (double B : {2e3, 1e5, 1e9, 1e15}) {
    double sum = 0;
    for (int seed = 0; seed < repeats; ++seed)
      sum += chi_square(draw_counts(p, B, static_cast<std::uint64_t>(seed)), p, B);
    CHECK(std::abs(sum - 5 * repeats) < 5 * std::sqrt(2.0 * 5 * repeats));
  }
  const Vector uniform = Vector::Constant(10, 0.1);  // B p < 1/2: single draws alone
  Vector counts = Vector::Zero(10);
  for (int seed = 0; seed < 5000; ++seed) counts += draw_counts(uniform, 3, static_cast<std::uint64_t>(seed));
  CHECK(std::abs(chi_square(counts, uniform, 15000) - 9) < 5 * std::sqrt(18.0));
}

TEST_CASE("two items: a binomial, on both sides of one half", "[model]") {
  for (double first : {0.5, 0.9, 0.999}) {
    const Vector p = (Vector(2) << first, 1 - first).finished();
    constexpr double B = 1000;
    constexpr int repeats = 2000;
    double sum = 0;
    for (int seed = 0; seed < repeats; ++seed) sum += draw_counts(p, B, static_cast<std::uint64_t>(seed))(1);
    CHECK(std::abs(sum - repeats * B * (1 - first)) < 5 * std::sqrt(repeats * B * first * (1 - first)));
  }
}

TEST_CASE("a batch is a function of seed, d and step", "[model]") {
  const Vector p = zipf_frequencies(1000, 1.5);
  const Batch batch = draw_batch(p, 500, 1, 64, 1);
  CHECK(equal(batch, draw_batch(p, 500, 1, 64, 1)));
  CHECK_FALSE(equal(batch, draw_batch(p, 500, 2, 64, 1)));
  CHECK_FALSE(equal(batch, draw_batch(p, 500, std::uint64_t{1} << 32 | 1, 64, 1)));
  CHECK_FALSE(equal(batch, draw_batch(p, 500, 1, 128, 1)));
  CHECK_FALSE(equal(batch, draw_batch(p, 500, 1, 64, 2)));
}

TEST_CASE("an item's count does not depend on how the others draw", "[model]") {
  const Vector two = (Vector(2) << 0.5, 0.5).finished(), four = (Vector(4) << 0.5, 0.25, 0.125, 0.125).finished();
  for (std::uint64_t seed = 0; seed < 50; ++seed)
    CHECK(draw_counts(two, 1e6, seed)(0) == draw_counts(four, 1e6, seed)(0));
}

TEST_CASE("the batches of known seeds are frozen", "[model]") {
  // Other values here mean that no stored minibatch trial replays: see physics_version.
  const Batch large = draw_batch(zipf_frequencies(8, 1.5), 1e6, 12345, 64, 2);
  CHECK(large.items == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(counts_of(large, 1e6, 8) ==
        (Vector(8) << 519279, 183064, 100033, 64792, 46530, 35377, 28127, 22798).finished());
  const Batch small = draw_batch(zipf_frequencies(100000, 1.2), 12, 12345, 64, 2);
  CHECK(small.items == std::vector<std::int64_t>{0, 2, 4, 5, 9, 35, 73, 148, 14918});
  CHECK((12 * small.q - (Vector(9) << 1, 2, 2, 2, 1, 1, 1, 1, 1).finished()).norm() < 1e-14);
}

TEST_CASE("batch sizes that are no whole number of 1 .. 1e15 are refused", "[model]") {
  const Vector p = zipf_frequencies(10, 1.5);
  for (double B :
       {0.0, -1.0, 0.5, 1.5, 1.1e15, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
    CHECK_THROWS_AS(draw_batch(p, B, 1, 64, 1), std::invalid_argument);
  CHECK_THROWS_AS(draw_batch(p, 10, 1, 64, 0), std::invalid_argument);
  CHECK_THROWS_AS(draw_batch(p, 10, 1, 64, std::int64_t{1} << 32), std::invalid_argument);
  CHECK_THROWS_AS(draw_batch(p, 10, 1, 1 << 24, 1), std::invalid_argument);
}

}  // namespace memscale
