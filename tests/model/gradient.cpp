#include "memscale/model/gradient.hpp"

#include "brute_force.hpp"
#include "catch.hpp"
#include "memscale/model/frequencies.hpp"
#include "memscale/model/weighted_product.hpp"
#include "random_matrix.hpp"

namespace memscale {

namespace {

Matrix gradient_over(const GaussianMemory& memory, const Batch& batch, ThreadTeam& team) {
  return gradient_at_zero(memory, column_means(memory.u, team), batch, team);
}

}  // namespace

TEST_CASE("G(0) is minus the finite difference of the loss", "[model]") {
  std::mt19937_64 generator(11);
  ThreadTeam team(2);
  for (const auto& [d, items, alpha] : {std::tuple{1, 3, 1.5}, {4, 30, 1.25}, {6, 200, 3.0}, {9, 5, 2.0}}) {
    const GaussianMemory memory = make_gaussian_memory(d, items, 0.3, static_cast<std::uint64_t>(d), team);
    const Vector p = zipf_frequencies(items, alpha);
    const Matrix g = gradient_over(memory, population_batch(p), team);
    const double h = 1e-4;  // central differences: error h^2 |L'''| is about 1e-8, rounding eps L / h about 1e-11
    for (int repeat = 0; repeat < 5; ++repeat) {
      const Matrix direction = test::random_matrix(d, d, generator);
      const double slope = (test::loss(memory, p, h * direction) - test::loss(memory, p, -h * direction)) / (2 * h);
      CHECK(slope == Approx(-g.cwiseProduct(direction).sum()).margin(1e-6));
    }
    CHECK((g - test::gradient(memory, p, Matrix::Zero(d, d))).norm() < 1e-13);
  }
}

TEST_CASE("G(0) keeps its small singular values over more items than a group holds", "[model]") {
  ThreadTeam team(2);
  const GaussianMemory memory = make_gaussian_memory(7, 5001, 0, 2, team);
  const Vector p = zipf_frequencies(5001, 3);
  Eigen::Matrix<long double, 7, 7> exact = Eigen::Matrix<long double, 7, 7>::Zero();
  const Eigen::Matrix<long double, 7, 1> mean = memory.u.cast<long double>().colwise().mean().transpose();
  for (int i = 0; i < 5001; ++i)
    exact += static_cast<long double>(p(i)) * (memory.u.row(i).transpose().cast<long double>() - mean) *
             memory.v.row(i).cast<long double>();
  CHECK((gradient_over(memory, population_batch(p), team) - exact.cast<double>()).cwiseAbs().maxCoeff() <
        1e-15);  // a few eps of the largest entry
}

TEST_CASE("a minibatch's G(0) is the sum over its counts, and reads no other row", "[model]") {
  ThreadTeam team(2);
  GaussianMemory memory = make_gaussian_memory(5, 3000, 0, 6, team);
  const Vector p = zipf_frequencies(3000, 1.1), mean = column_means(memory.u, team);
  for (double B : {1.0, 64.0, 20000.0}) {
    const Batch batch = draw_batch(p, B, 7, 5, 1);
    Vector q = Vector::Zero(3000);
    for (std::size_t k = 0; k < batch.items.size(); ++k) q(batch.items[k]) = batch.q(static_cast<Eigen::Index>(k));
    const Matrix g = gradient_at_zero(memory, mean, batch, team);
    CHECK((g - test::gradient(memory, q, Matrix::Zero(5, 5))).norm() < 1e-13);
    GaussianMemory poisoned = memory;
    for (int i = 0; i < 3000; ++i)
      if (q(i) == 0) poisoned.u.row(i).setConstant(NAN), poisoned.v.row(i).setConstant(NAN);
    CHECK(gradient_at_zero(poisoned, mean, batch, team) == g);
  }
}

TEST_CASE("means, G(0) and covariance have the same bits for any number of threads", "[model]") {
  ThreadTeam one(1);
  const GaussianMemory memory = make_gaussian_memory(33, 2500, 0.5, 8, one);
  const Batch batch = population_batch(zipf_frequencies(2500, 1.5));
  const Vector mean = column_means(memory.u, one);
  const Matrix g = gradient_at_zero(memory, mean, batch, one), covariance = output_covariance(memory, one);
  for (int size : {2, 3, 5}) {
    ThreadTeam team(size);
    CHECK(column_means(memory.u, team) == mean);
    CHECK(gradient_at_zero(memory, mean, batch, team) == g);
    CHECK(output_covariance(memory, team) == covariance);
  }
}

TEST_CASE("one item: nothing to learn", "[model]") {
  ThreadTeam team(1);
  const GaussianMemory memory = make_gaussian_memory(3, 1, 0, 1, team);
  CHECK(gradient_over(memory, population_batch(zipf_frequencies(1, 2)), team).norm() == 0);
}

}  // namespace memscale
