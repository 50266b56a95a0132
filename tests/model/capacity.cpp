#include "memscale/model/capacity.hpp"

#include <limits>
#include <random>

#include "brute_force.hpp"
#include "catch.hpp"
#include "memscale/linalg/polar.hpp"
#include "memscale/model/frequencies.hpp"
#include "random_matrix.hpp"

namespace memscale {

namespace {

/// Entries -2 .. 2: every score is an exact integer, so ties are exact and frequent.
MatrixF small_integers(Eigen::Index rows, Eigen::Index cols, std::mt19937_64& generator) {
  std::uniform_int_distribution<int> entry(-2, 2);
  return MatrixF::NullaryExpr(rows, cols, [&] { return static_cast<float>(entry(generator)); });
}

/// Normal embeddings; input coordinates fall off as k^(-kappa / 2).
GaussianMemory random_memory(Eigen::Index d, Eigen::Index items, double kappa, std::mt19937_64& generator) {
  GaussianMemory memory{test::random_matrix(items, d, generator).cast<float>(),
                        test::random_matrix(items, d, generator).cast<float>()};
  for (Eigen::Index k = 0; k < d; ++k)
    memory.v.col(k) *= static_cast<float>(std::pow(static_cast<double>(k + 1), -kappa / 2));
  return memory;
}

/// sum_i p_i (u_i - mean u) v_i^T
Matrix gradient(const GaussianMemory& memory, double alpha) {
  const Vector p = zipf_frequencies(memory.items(), alpha);
  const Matrix u = memory.u.cast<double>();
  return (u.rowwise() - u.colwise().mean()).transpose() * p.asDiagonal() * memory.v.cast<double>();
}

/// W of a kind that optimizers make or that strains a bound.
Matrix weights_of_kind(int kind, const GaussianMemory& memory, std::mt19937_64& generator) {
  const Eigen::Index d = memory.dimension();
  const Matrix random = test::random_matrix(d, d, generator);
  switch (kind) {
    case 0:
      return gradient(memory, 1.5);  // nearly of rank one
    case 1:
      return polar_factor(gradient(memory, 1.5));
    case 2:
      return random;
    case 3:
      return random.col(0) * random.row(0) + 1e-3 * random;
    case 4:  // graded columns and rows
      return Vector::NullaryExpr(d, [](Eigen::Index r) { return std::exp(-0.4 * static_cast<double>(r)); })
                 .asDiagonal() *
             random *
             Vector::NullaryExpr(d, [](Eigen::Index k) { return std::exp(0.7 * static_cast<double>(k)); }).asDiagonal();
    case 5: {
      Matrix spike = 1e-4 * random;
      spike(0, d - 1) = 1e3;
      return spike;
    }
    default:
      return 20 * polar_factor(gradient(memory, 1.2)) + random;
  }
}
constexpr int kinds_of_weights = 7;

/// The set found with each kind of kernels and 1 to 3 threads, which must all agree.
std::vector<std::uint8_t> found(const GaussianMemory& memory, const Matrix& weights, double margin = 0) {
  std::vector<const Int8Kernels*> kernels = available_int8_kernels();
  kernels.push_back(nullptr);
  std::vector<std::uint8_t> first;
  for (const Int8Kernels* int8 : kernels)
    for (int threads = 1; threads <= (memory.items() > 100 ? 3 : 1); ++threads) {
      ThreadTeam team(threads);
      const auto set = find_recovered(memory, Competitors(memory, team, int8), weights, margin, team).recovered;
      if (first.empty()) first = set;
      INFO((int8 ? int8->name : "float32") << ", " << threads << " threads");
      REQUIRE(set == first);
    }
  return first;
}

std::int64_t count(const std::vector<std::uint8_t>& set) {
  return Recovery{set}.capacity();
}

}  // namespace

TEST_CASE("the recovered set equals the brute-force scan on random problems", "[model]") {
  std::mt19937_64 generator(21);
  std::vector<std::int64_t> recovered(kinds_of_weights, 0);
  for (int repeat = 0; repeat < 40 * kinds_of_weights; ++repeat) {
    const int d = std::uniform_int_distribution(1, 70)(generator),
              items = std::uniform_int_distribution(1, 400)(generator);
    const GaussianMemory memory = random_memory(d, items, repeat % 3, generator);
    const int kind = repeat % kinds_of_weights;
    Matrix weights = weights_of_kind(kind, memory, generator);
    if (repeat % 5 == 0) weights *= 1e-200;  // capacity does not depend on the scale of W
    if (repeat % 5 == 1) weights *= 1e200;
    const auto set = found(memory, weights);
    INFO("d " << d << ", items " << items << ", kind " << kind);
    REQUIRE(set == test::recovered(memory, weights));
    recovered[static_cast<std::size_t>(kind)] += count(set);
  }
  for (std::int64_t total : recovered) CHECK(total > 20);  // the comparisons above are not of empty sets
}

TEST_CASE("a margin in the units of the scores", "[model]") {
  std::mt19937_64 generator(25);
  std::int64_t recovered = 0, without = 0;
  for (int repeat = 0; repeat < 60; ++repeat) {
    const int d = std::uniform_int_distribution(4, 40)(generator),
              items = std::uniform_int_distribution(2, 200)(generator);
    const GaussianMemory memory = random_memory(d, items, repeat % 2, generator);
    const double scale = std::vector<double>{1, 1e-30, 1e30}[static_cast<std::size_t>(repeat % 3)];
    const Matrix weights = scale * weights_of_kind(repeat % kinds_of_weights, memory, generator);
    const double margin = 0.2 * (memory.u.cast<double>() * weights).norm() / std::sqrt(items);
    const auto set = found(memory, weights, margin);
    REQUIRE(set == test::recovered(memory, weights, margin));
    recovered += count(set);
    without += count(found(memory, weights));
  }
  CHECK(recovered > 50);
  CHECK(recovered < without);
  // integers: a lead of exactly the margin is not enough, one of more is
  const GaussianMemory two{(MatrixF(2, 1) << 5, 2).finished(), (MatrixF(2, 1) << 1, -1).finished()};
  CHECK(found(two, Matrix::Identity(1, 1), 2) == std::vector<std::uint8_t>{1, 1});
  CHECK(found(two, Matrix::Identity(1, 1), 3) == std::vector<std::uint8_t>{0, 0});
  CHECK(found(two, Matrix::Identity(1, 1), std::numeric_limits<double>::infinity()) == std::vector<std::uint8_t>{0, 0});
  CHECK(found(two, 1e-100 * Matrix::Identity(1, 1), 1e300) == std::vector<std::uint8_t>{0, 0});
}

TEST_CASE("exact ties are not recovered", "[model]") {
  std::mt19937_64 generator(22);
  std::int64_t recovered = 0;
  for (int repeat = 0; repeat < 200; ++repeat) {
    const int d = std::uniform_int_distribution(1, 6)(generator),
              items = std::uniform_int_distribution(2, 120)(generator);
    GaussianMemory memory{small_integers(items, d, generator), small_integers(items, d, generator)};
    const Matrix weights = small_integers(d, d, generator).cast<double>();
    const auto set = found(memory, weights);
    REQUIRE(set == test::recovered(memory, weights));
    REQUIRE(found(memory, weights, 3) == test::recovered(memory, weights, 3));
    recovered += count(set);
    // a double of every output leaves no item with a strict maximum
    memory.u.conservativeResize(2 * items, d);
    memory.v.conservativeResize(2 * items, d);
    memory.u.bottomRows(items) = memory.u.topRows(items).eval();
    memory.v.bottomRows(items) = memory.v.topRows(items).eval();
    REQUIRE(count(found(memory, weights)) == 0);
  }
  CHECK(recovered > 100);
}

TEST_CASE("duplicates of outputs that are no integers tie exactly, too", "[model]") {
  std::mt19937_64 generator(26);
  GaussianMemory memory = random_memory(37, 300, 0, generator);
  const Matrix weights = polar_factor(gradient(memory, 1.5));
  const auto before = found(memory, weights);
  REQUIRE(before[0] == 1);
  memory.u.row(299) = memory.u.row(0);
  CHECK(found(memory, weights)[0] == 0);
}

TEST_CASE("scores that float32 cannot tell apart are decided in float64", "[model]") {
  // u_1 and u_2 differ by one float32 step in one coordinate: the winner by about 1e-9 is still the winner
  std::mt19937_64 generator(23);
  for (int repeat = 0; repeat < 100; ++repeat) {
    const int d = 8;
    GaussianMemory memory = random_memory(d, 40, 0, generator);
    memory.u.row(1) = memory.u.row(0);
    memory.u(1, 3) = std::nextafter(memory.u(1, 3), 2.0f);
    const Matrix weights = 50 * gradient(memory, 1.0) + test::random_matrix(d, d, generator);
    REQUIRE(found(memory, weights) == test::recovered(memory, weights));
  }
}

TEST_CASE("W = 0, NaN and infinity recover nothing; d = 1 and N = 1 are ordinary", "[model]") {
  std::mt19937_64 generator(27);
  const GaussianMemory memory = random_memory(5, 30, 0, generator);
  CHECK(count(found(memory, Matrix::Zero(5, 5))) == 0);
  CHECK(count(found(memory, Matrix::Constant(5, 5, std::numeric_limits<double>::quiet_NaN()))) == 0);
  CHECK(count(found(memory, Matrix::Constant(5, 5, std::numeric_limits<double>::infinity()))) == 0);
  Matrix one_nan = Matrix::Identity(5, 5);
  one_nan(2, 2) = std::numeric_limits<double>::quiet_NaN();
  CHECK(count(found(memory, one_nan)) == 0);  // every W v_i has a NaN coordinate
  const GaussianMemory line = random_memory(1, 20, 0, generator);
  CHECK(found(line, Matrix::Identity(1, 1)) == test::recovered(line, Matrix::Identity(1, 1)));
  const GaussianMemory one = random_memory(4, 1, 0, generator);
  CHECK(count(found(one, Matrix::Identity(4, 4))) == 1);
  CHECK(count(found(one, Matrix::Zero(4, 4))) == 0);
}

TEST_CASE("an own score that 8 bits underestimate by a fifth", "[model]") {
  // W's off-diagonal entries round to 0, the competitors' W^T u does not; they are longer than the winner's u and so
  // met first, with 0.95 of its score
  constexpr Eigen::Index d = 64, items = 300, winner = items - 1;
  Matrix weights = Matrix::Constant(d, d, 0.0038);
  weights.diagonal().setOnes();
  GaussianMemory memory{MatrixF::Constant(items, d, 0.95f), MatrixF::Ones(items, d)};
  for (Eigen::Index k = 0; k < d; ++k) memory.u.col(k).array() += k % 2 ? 3.0f : -3.0f;
  memory.u.row(winner).setOnes();
  std::vector<std::uint8_t> expected(items, 0);
  expected[winner] = 1;
  CHECK(found(memory, weights) == expected);
}

TEST_CASE("inputs and outputs of any finite size", "[model]") {
  std::mt19937_64 generator(28);
  for (float u_scale : {1e-30f, 1.0f, 1e20f, 1e37f})
    for (float v_scale : {1e-36f, 1e-20f, 1.0f, 1e30f}) {
      GaussianMemory memory = random_memory(9, 150, 1, generator);
      memory.v.row(3).setZero();
      memory.v.row(4) *= 1e-7f;
      memory.u.row(5).setZero();
      memory.u.row(6).setZero();
      memory.u(6, 2) = 3;  // one huge coordinate
      memory.v.col(8).setZero();
      const Matrix weights = weights_of_kind(6, memory, generator);
      memory.u *= u_scale;
      memory.v *= v_scale;
      INFO("u " << u_scale << ", v " << v_scale);
      const auto set = found(memory, weights);
      CHECK(count(set) > 0);
      CHECK(set == test::recovered(memory, weights));
    }
}

TEST_CASE("more items than the scan's blocks and stages hold", "[model]") {
  std::mt19937_64 generator(24);
  const GaussianMemory memory = random_memory(16, 9000, 0, generator);
  // outputs equal to inputs and W near the identity: thousands recovered, so there is more than one batch of finalists
  GaussianMemory mirror{memory.u, memory.u};
  mirror.u.rowwise().normalize();
  const Matrix near_identity = Matrix::Identity(16, 16) + 0.02 * test::random_matrix(16, 16, generator);
  const auto many = found(mirror, near_identity);
  CHECK(count(many) > 2048);
  CHECK(many == test::recovered(mirror, near_identity));
  for (int kind = 0; kind < 2; ++kind) {
    const Matrix weights = weights_of_kind(kind, memory, generator);
    CHECK(found(memory, weights) == test::recovered(memory, weights));
  }
}

TEST_CASE("each competitor is met: one better output anywhere is enough", "[model]") {
  const int items = 2100, own = 700;
  ThreadTeam team(2);
  std::vector<const Int8Kernels*> kernels = available_int8_kernels();
  kernels.push_back(nullptr);
  for (const Int8Kernels* int8 : kernels)
    for (int better :
         {0, 1, 63, 64, 127, 128, 255, 256, 511, 512, 699, 701, 1022, 1023, 1024, 1535, 1536, 2098, 2099}) {
      GaussianMemory memory{MatrixF::Constant(items, 2, 0.5f), MatrixF::Zero(items, 2)};
      memory.v.row(own) << 1, 1;
      memory.u.row(own) << 1, 1;
      const Matrix identity = Matrix::Identity(2, 2);
      REQUIRE(find_recovered(memory, Competitors(memory, team, int8), identity, 0, team).capacity() == 1);
      memory.u.row(better) << 1, 2;
      REQUIRE(find_recovered(memory, Competitors(memory, team, int8), identity, 0, team).capacity() == 0);
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
