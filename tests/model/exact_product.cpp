#include "memscale/model/exact_product.hpp"

#include <random>

#include "catch.hpp"
#include "memscale/core/cpu.hpp"
#include "random_matrix.hpp"

namespace memscale {

TEST_CASE("exact products: the sum in order of k, the same bits however vectors are grouped", "[model]") {
  std::mt19937_64 generator(51);
  for (int d : {1, 15, 16, 17, 40}) {
    const Matrix weights = test::random_matrix(d, d, generator), v = test::random_matrix(21, d, generator);
    const ExactProduct product(weights);
    const Matrix x = product(v);
    for (Eigen::Index i = 0; i < v.rows(); ++i) {
      REQUIRE(product(v.row(i)) == x.row(i));
      for (Eigen::Index r = 0; r < d; ++r) {
        double sum = 0;
        for (Eigen::Index k = 0; k < d; ++k) sum += weights(r, k) * v(i, k);
        REQUIRE(x(i, r) == sum);
      }
    }
  }
}

#if defined(MEMSCALE_X86_KERNELS)
TEST_CASE("all versions of the exact product give the same bytes", "[model]") {
  std::mt19937_64 generator(52);
  constexpr Eigen::Index d = 50, count = 13, padded = 64;
  const Matrix panels = test::random_matrix(padded, d, generator), v = test::random_matrix(count, d, generator);
  Matrix plain(count, padded), other(count, padded);
  exact_product_plain(panels.data(), d, v.data(), count, plain.data());
  if (cpu_runs(InstructionSet::avx2)) {
    exact_product_avx2(panels.data(), d, v.data(), count, other.data());
    CHECK(other == plain);
  }
  if (cpu_runs(InstructionSet::avx512)) {
    exact_product_avx512(panels.data(), d, v.data(), count, other.data());
    CHECK(other == plain);
  }
}
#endif

}  // namespace memscale
