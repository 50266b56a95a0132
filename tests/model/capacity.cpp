#include "memscale/model/capacity.hpp"

#include <limits>
#include <random>

#include "brute_force.hpp"
#include "catch.hpp"
#include "memscale/model/frequencies.hpp"
#include "memscale/model/gradient.hpp"
#include "random_matrix.hpp"

namespace memscale {

namespace {

/// Entries -2 .. 2: every score is an exact integer, so ties are exact and frequent.
MatrixF small_integers(Eigen::Index rows, Eigen::Index cols, std::mt19937_64& generator) {
  std::uniform_int_distribution<int> entry(-2, 2);
  return MatrixF::NullaryExpr(rows, cols, [&] { return static_cast<float>(entry(generator)); });
}

}  // namespace

TEST_CASE("the recovered set equals the brute-force scan on random problems", "[model]") {
  std::mt19937_64 generator(21);
  for (int repeat = 0; repeat < 300; ++repeat) {
    const int d = std::uniform_int_distribution(1, 24)(generator),
              items = std::uniform_int_distribution(1, 300)(generator);
    const GaussianMemory memory = make_gaussian_memory(d, items, repeat % 3, generator());
    const Vector p = zipf_frequencies(items, 1.5);
    Matrix weights = repeat % 2 ? test::random_matrix(d, d, generator) : gradient_at_zero(memory, p);
    if (repeat % 5 == 0) weights *= 1e-200;  // capacity does not depend on the scale of W
    if (repeat % 5 == 1) weights *= 1e200;
    const Recovery recovery = find_recovered(memory, weights);
    REQUIRE(recovery.recovered == test::recovered(memory, weights));
  }
}

TEST_CASE("exact ties are not recovered", "[model]") {
  std::mt19937_64 generator(22);
  std::int64_t recovered = 0;
  for (int repeat = 0; repeat < 300; ++repeat) {
    const int d = std::uniform_int_distribution(1, 6)(generator),
              items = std::uniform_int_distribution(2, 120)(generator);
    GaussianMemory memory{small_integers(items, d, generator), small_integers(items, d, generator)};
    const Matrix weights = small_integers(d, d, generator).cast<double>();
    const Recovery recovery = find_recovered(memory, weights);
    REQUIRE(recovery.recovered == test::recovered(memory, weights));
    recovered += recovery.capacity();
    // a double of every output leaves no item with a strict maximum
    memory.u.conservativeResize(2 * items, d);
    memory.v.conservativeResize(2 * items, d);
    memory.u.bottomRows(items) = memory.u.topRows(items).eval();
    memory.v.bottomRows(items) = memory.v.topRows(items).eval();
    REQUIRE(find_recovered(memory, weights).capacity() == 0);
  }
  CHECK(recovered > 100);  // the comparison above is not one of empty sets
}

TEST_CASE("scores that float32 cannot tell apart are decided in float64", "[model]") {
  // u_1 and u_2 differ by one float32 step in one coordinate: the winner by about 1e-9 is still the winner
  std::mt19937_64 generator(23);
  for (int repeat = 0; repeat < 100; ++repeat) {
    const int d = 8;
    GaussianMemory memory = make_gaussian_memory(d, 40, 0, generator());
    memory.u.row(1) = memory.u.row(0);
    memory.u(1, 3) = std::nextafter(memory.u(1, 3), 2.0f);
    const Matrix weights =
        50 * gradient_at_zero(memory, zipf_frequencies(40, 1.0)) + test::random_matrix(d, d, generator);
    REQUIRE(find_recovered(memory, weights).recovered == test::recovered(memory, weights));
  }
}

TEST_CASE("W = 0, NaN and infinity recover nothing; d = 1 and N = 1 are ordinary", "[model]") {
  const GaussianMemory memory = make_gaussian_memory(5, 30, 0, 1);
  CHECK(find_recovered(memory, Matrix::Zero(5, 5)).capacity() == 0);
  CHECK(find_recovered(memory, Matrix::Constant(5, 5, std::numeric_limits<double>::quiet_NaN())).capacity() == 0);
  CHECK(find_recovered(memory, Matrix::Constant(5, 5, std::numeric_limits<double>::infinity())).capacity() == 0);
  Matrix one_nan = Matrix::Identity(5, 5);
  one_nan(2, 2) = std::numeric_limits<double>::quiet_NaN();
  CHECK(find_recovered(memory, one_nan).capacity() == 0);  // every W v_i has a NaN coordinate
  const GaussianMemory line = make_gaussian_memory(1, 20, 0, 1);
  CHECK(find_recovered(line, Matrix::Identity(1, 1)).recovered == test::recovered(line, Matrix::Identity(1, 1)));
  CHECK(find_recovered(make_gaussian_memory(4, 1, 0, 1), Matrix::Identity(4, 4)).capacity() == 1);
  CHECK(find_recovered(make_gaussian_memory(4, 1, 0, 1), Matrix::Zero(4, 4)).capacity() == 0);
}

TEST_CASE("more items than the scan's blocks and stages hold", "[model]") {
  const GaussianMemory memory = make_gaussian_memory(16, 5000, 0, 5);
  std::mt19937_64 generator(24);
  // outputs equal to inputs and W near the identity: thousands recovered, so the second stage fills more than once
  const GaussianMemory mirror{memory.u, memory.u};
  const Matrix near_identity = Matrix::Identity(16, 16) + 0.02 * test::random_matrix(16, 16, generator);
  const Recovery many = find_recovered(mirror, near_identity);
  CHECK(many.capacity() > 100);
  CHECK(many.recovered == test::recovered(mirror, near_identity));
  const Matrix g = gradient_at_zero(memory, zipf_frequencies(5000, 1.5));
  CHECK(find_recovered(memory, g).recovered == test::recovered(memory, g));
}

TEST_CASE("each competitor is met: one better output anywhere is enough", "[model]") {
  const int items = 2100, own = 700;
  for (int better : {0, 1, 63, 64, 127, 128, 255, 256, 511, 512, 699, 701, 1022, 1023, 1024, 1535, 1536, 2098, 2099}) {
    GaussianMemory memory{MatrixF::Constant(items, 2, 0.5f), MatrixF::Zero(items, 2)};
    memory.v.row(own) << 1, 1;
    memory.u.row(own) << 1, 1;
    REQUIRE(find_recovered(memory, Matrix::Identity(2, 2)).capacity() == 1);
    memory.u.row(better) << 1, 2;
    REQUIRE(find_recovered(memory, Matrix::Identity(2, 2)).capacity() == 0);
  }
}

TEST_CASE("capacity, prefix and accuracy of a recovered set", "[model]") {
  const Vector uniform = Vector::Constant(20, 0.05);
  const Recovery gaps{{1, 1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1}};
  CHECK(gaps.accuracy(uniform) == Approx(0.75));
  CHECK(gaps.capacity() == 15);
  CHECK(gaps.prefix() == 3);
  const Vector p = zipf_frequencies(4, 1);  // 12/25, 6/25, 4/25, 3/25
  const Recovery recovery{{1, 1, 0, 1}};
  CHECK(recovery.capacity() == 3);
  CHECK(recovery.prefix() == 2);
  CHECK(recovery.accuracy(p) == Approx(21.0 / 25));
  CHECK(Recovery{{1, 1, 1, 1}}.prefix() == 4);
  CHECK(Recovery{{0, 1, 1, 1}}.prefix() == 0);
}

}  // namespace memscale
