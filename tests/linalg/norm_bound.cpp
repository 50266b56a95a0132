#include "memscale/linalg/norm_bound.hpp"

#include <random>

#include "catch.hpp"
#include "memscale/linalg/blas.hpp"
#include "memscale/linalg/polar.hpp"
#include "random_matrix.hpp"

namespace memscale {

namespace {

double norm(const MatrixF& a) {
  return blas::svd(a.cast<double>()).values(0);
}

}  // namespace

TEST_CASE("the spectral norm bound is never exceeded", "[linalg]") {
  std::mt19937_64 generator(61);
  ThreadTeam team(2);
  for (int repeat = 0; repeat < 60; ++repeat) {
    const int n = std::uniform_int_distribution(1, 60)(generator);
    const Matrix random = test::random_matrix(n, n, generator);
    Matrix a = random;
    if (repeat % 6 == 1) a = random.col(0) * random.row(0);
    if (repeat % 6 == 2) a(0, n - 1) = 1e4;
    if (repeat % 6 == 3) a = polar_factor(random);
    if (repeat % 6 == 4) a *= 1e-20;
    if (repeat % 6 == 5) a = a.triangularView<Eigen::StrictlyUpper>().toDenseMatrix();
    const MatrixF single = a.cast<float>();
    const double exact = norm(single), bound = spectral_norm_bound(single, team);
    INFO("repeat " << repeat << ", n " << n);
    REQUIRE(bound >= exact * (1 - 1e-12));
    REQUIRE(bound <= exact * 1.5);
  }
}

TEST_CASE("the spectral norm bound is near for the matrices that matter", "[linalg]") {
  std::mt19937_64 generator(62);
  ThreadTeam team(3);
  const MatrixF random = test::random_matrix(300, 300, generator).cast<float>();
  CHECK(spectral_norm_bound(random, team) < 1.1 * norm(random));
  const MatrixF orthogonal = polar_factor(test::random_matrix(300, 300, generator)).cast<float>();
  CHECK(spectral_norm_bound(orthogonal, team) < 1.02);
  CHECK(spectral_norm_bound(MatrixF::Zero(7, 7), team) == 0);
  ThreadTeam one(1);
  CHECK(spectral_norm_bound(random, one) == spectral_norm_bound(random, team));
}

}  // namespace memscale
