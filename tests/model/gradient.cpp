#include "memscale/model/gradient.hpp"

#include "brute_force.hpp"
#include "catch.hpp"
#include "memscale/model/frequencies.hpp"
#include "random_matrix.hpp"

namespace memscale {

TEST_CASE("G(0) is minus the finite difference of the loss", "[model]") {
  std::mt19937_64 generator(11);
  for (const auto& [d, items, alpha] : {std::tuple{1, 3, 1.5}, {4, 30, 1.25}, {6, 200, 3.0}, {9, 5, 2.0}}) {
    const GaussianMemory memory = make_gaussian_memory(d, items, 0.3, static_cast<std::uint64_t>(d));
    const Vector p = zipf_frequencies(items, alpha);
    const Matrix g = gradient_at_zero(memory, p);
    const double h = 1e-4;  // central differences: error h^2 |L'''| is about 1e-8, rounding eps L / h about 1e-11
    for (int repeat = 0; repeat < 5; ++repeat) {
      const Matrix direction = test::random_matrix(d, d, generator);
      const double slope = (test::loss(memory, p, h * direction) - test::loss(memory, p, -h * direction)) / (2 * h);
      CHECK(slope == Approx(-g.cwiseProduct(direction).sum()).margin(1e-6));
    }
    CHECK((g - test::gradient(memory, p, Matrix::Zero(d, d))).norm() < 1e-13);
  }
}

TEST_CASE("G(0) keeps its small singular values over more items than a block holds", "[model]") {
  const GaussianMemory memory = make_gaussian_memory(7, 5001, 0, 2);
  const Vector p = zipf_frequencies(5001, 3);
  Eigen::Matrix<long double, 7, 7> exact = Eigen::Matrix<long double, 7, 7>::Zero();
  const Eigen::Matrix<long double, 7, 1> mean = memory.u.cast<long double>().colwise().mean().transpose();
  for (int i = 0; i < 5001; ++i)
    exact += static_cast<long double>(p(i)) * (memory.u.row(i).transpose().cast<long double>() - mean) *
             memory.v.row(i).cast<long double>();
  CHECK((gradient_at_zero(memory, p) - exact.cast<double>()).cwiseAbs().maxCoeff() <
        1e-15);  // a few eps of the largest entry
}

TEST_CASE("one item: nothing to learn", "[model]") {
  CHECK(gradient_at_zero(make_gaussian_memory(3, 1, 0, 1), zipf_frequencies(1, 2)).norm() == 0);
}

}  // namespace memscale
