#include "memscale/model/gaussian_memory.hpp"

#include <cmath>

#include "catch.hpp"

namespace memscale {

TEST_CASE("items of a smaller memory are a prefix of a larger one's", "[model]") {
  ThreadTeam team(2);
  const GaussianMemory small = make_gaussian_memory(24, 50, 0.5, 9, team);
  const GaussianMemory large = make_gaussian_memory(24, 80, 0.5, 9, team);
  CHECK(small.u == large.u.topRows(50));
  CHECK(small.v == large.v.topRows(50));
  CHECK(small.u != small.v);
  CHECK(make_gaussian_memory(24, 50, 0.5, 10, team).u != small.u);
}

TEST_CASE("the embeddings have the same bits for any number of threads", "[model]") {
  ThreadTeam one(1), three(3);
  for (int d : {1, 2, 3, 5, 10, 63, 64, 65, 100, 255, 256, 257, 1000})
    for (int items : {1, 63, 257}) {
      const GaussianMemory memory = make_gaussian_memory(d, items, 1.5, 7, one);
      const GaussianMemory other = make_gaussian_memory(d, items, 1.5, 7, three);
      CHECK(other.u == memory.u);
      CHECK(other.v == memory.v);
    }
}

TEST_CASE("the embeddings of known seeds are frozen", "[model]") {
  // Other values here mean that no stored trial replays: see physics_version.
  ThreadTeam team(1);
  const GaussianMemory memory = make_gaussian_memory(6, 4, 1, 12345, team);
  CHECK(memory.u(0, 0) == -0x1.f993b4p-4f);
  CHECK(memory.u(3, 5) == 0x1.fd78dep-2f);
  CHECK(memory.v(0, 0) == 0x1.eb18cap-1f);
  CHECK(memory.v(3, 5) == -0x1.29634p-2f);
}

TEST_CASE("u_i has covariance I/d, v_i eigenvalues k^-kappa / sum with trace 1", "[model]") {
  constexpr int d = 6, items = 40000;
  ThreadTeam team(2);
  for (double kappa : {0.0, 1.0, 2.5}) {
    const GaussianMemory memory = make_gaussian_memory(d, items, kappa, 3, team);
    const Matrix u = memory.u.cast<double>(), v = memory.v.cast<double>();
    double sum = 0;
    for (int k = 1; k <= d; ++k) sum += std::pow(k, -kappa);
    const double tolerance = 5 * std::sqrt(2.0 / items);  // a variance's relative standard error, five times
    for (int k = 0; k < d; ++k) {
      CHECK(u.col(k).squaredNorm() / items == Approx(1.0 / d).epsilon(tolerance));
      CHECK(v.col(k).squaredNorm() / items == Approx(std::pow(k + 1, -kappa) / sum).epsilon(tolerance));
    }
    const Matrix cross = u.transpose() * v / items;
    CHECK(cross.cwiseAbs().maxCoeff() < 5 / std::sqrt(items * d));
  }
}

TEST_CASE("output_covariance is the covariance of the outputs", "[model]") {
  ThreadTeam team(2);
  for (int items : {1, 2, 9, 5000}) {
    const GaussianMemory memory = make_gaussian_memory(5, items, 0, 4, team);
    Matrix centred = memory.u.cast<double>();
    centred.rowwise() -= centred.colwise().mean().eval();
    CHECK((output_covariance(memory, team) - centred.transpose() * centred / items).norm() < 1e-14);
  }
}

}  // namespace memscale
