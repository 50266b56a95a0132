#include "memscale/linalg/block_space.hpp"

#include <cmath>

#include "catch.hpp"
#include "memscale/linalg/blas.hpp"
#include "memscale/linalg/newton_schulz.hpp"
#include "memscale/linalg/polar.hpp"
#include "random_matrix.hpp"

using namespace memscale;

namespace {

const std::vector<std::vector<std::int64_t>> layouts{{1},          {5},    {1, 1, 1},   {3, 1, 4},
                                                     {2, 2, 2, 2}, {1, 7}, {9, 1, 1, 3}};

/// Random coordinates, 0 where they have no meaning.
Matrix random_coordinates(const BlockSpace& space, std::mt19937_64& generator) {
  Matrix x = test::random_matrix(space.rows(), space.columns(), generator);
  for (Eigen::Index g = 0; g < space.groups(); ++g)
    if (space.sizes()[static_cast<std::size_t>(g)] == 1) x(g, g) = 0;
  return x;
}

template <class Check>
void for_each_sample(Check check) {
  std::mt19937_64 generator(7);
  for (const auto& sizes : layouts) {
    const BlockSpace space(sizes);
    INFO("groups " << sizes.size() << " size " << space.size());
    for (int sample = 0; sample < 5; ++sample) {
      const Matrix x = random_coordinates(space, generator);
      check(space, x, space.expand(x), generator);
    }
  }
}

double largest_difference(const BlockSpace& space, const Matrix& coordinates, const Matrix& dense) {
  return (space.expand(coordinates) - dense).cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("block symmetric matrices expand to what their coordinates say", "[linalg]") {
  const BlockSpace space({2, 1});
  Matrix x(2, 3), expected(3, 3);
  x << 1, 2, 3,  //
      4, 0, 5;
  expected << 3, 1, 2,  //
      1, 3, 2,          //
      4, 4, 5;
  CHECK(space.expand(x) == expected);
  CHECK(space.size() == 3);
  CHECK_THROWS_AS(BlockSpace({2, 0}), std::invalid_argument);
}

TEST_CASE("functions of block symmetric matrices are those of the whole matrices", "[linalg]") {
  for_each_sample([](const BlockSpace& space, const Matrix& x, const Matrix& dense, std::mt19937_64& generator) {
    CHECK(space.norm(x) == Approx(dense.norm()).epsilon(1e-13));
    const Matrix y = random_coordinates(space, generator);
    CHECK(space.inner(x, y) == Approx(dense.cwiseProduct(space.expand(y)).sum()).epsilon(1e-12).margin(1e-12));
    CHECK(largest_difference(space, space.polar_factor(x), polar_factor(dense)) < 1e-11);
    CHECK(largest_difference(space, space.regularized_polar_factor(x, 0.3), regularized_polar_factor(dense, 0.3)) <
          1e-12);
    for (NewtonSchulzSet set : {NewtonSchulzSet::jordan, NewtonSchulzSet::cubic, NewtonSchulzSet::quintic}) {
      const auto steps = newton_schulz_coefficients(set, 5, 0);
      CHECK(largest_difference(space, space.newton_schulz(x, steps), newton_schulz(dense, steps)) < 1e-11);
    }
    const Vector values = space.singular_values(x), expected = blas::singular_values(dense);
    CHECK((values - expected).cwiseAbs().maxCoeff() < 1e-12 * expected(0));
  });
}

TEST_CASE("coordinates that mean nothing stay 0", "[linalg]") {
  std::mt19937_64 generator(8);
  const BlockSpace space({1, 4, 1});
  const Matrix polar = space.polar_factor(random_coordinates(space, generator));
  CHECK(polar(0, 0) == 0);
  CHECK(polar(2, 2) == 0);
  CHECK(polar(1, 1) != 0);
}

TEST_CASE("directions without a singular value are left out as in the whole matrix", "[linalg]") {
  const BlockSpace space({4, 2, 3});
  Matrix x = Matrix::Zero(3, 4);
  CHECK(space.polar_factor(x).isZero(0));
  CHECK(space.newton_schulz(x, newton_schulz_coefficients(NewtonSchulzSet::jordan, 5, 0)).isZero(0));
  x(0, 3) = 2;  // one group's diagonal alone
  CHECK(largest_difference(space, space.polar_factor(x), polar_factor(space.expand(x))) < 1e-13);
  // rows of a softmax gradient sum to 0: the vector of ones has no singular value
  x.col(3).setConstant(1);
  x.leftCols(3).setConstant(-0.125);
  CHECK(largest_difference(space, space.polar_factor(x), polar_factor(space.expand(x))) < 1e-13);
}

TEST_CASE("what is rounding beside the largest value of a group is left out of the groups' quotient, too", "[linalg]") {
  const BlockSpace space({4, 1});
  Matrix x(2, 3);
  x << -0.25, 0, 0.75,  // acts as 1 inside the first group, as 0 on its indicator
      0, 0, 1e-18;
  CHECK(largest_difference(space, space.polar_factor(x), polar_factor(space.expand(x))) < 1e-13);
  CHECK(std::abs(space.polar_factor(x)(1, 2)) < 1e-13);
}
