#include "memscale/model/exp_kernel.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "memscale/core/cpu.hpp"

using namespace memscale;

TEST_CASE("exponentials and their sum, the same bytes from each instruction set", "[model]") {
  constexpr double never = -std::numeric_limits<double>::infinity();
  for (const std::int64_t columns : {1, 7, 8, 9, 16, 17, 31, 1000}) {
    const double top = 3;
    std::vector<double> s, counts;
    for (std::int64_t k = 0; k < columns; ++k) {
      s.push_back(top - 710.0 * std::pow(static_cast<double>(k) / 1000, 4) - (k % 7 == 3 ? 0.1 : 0));
      counts.push_back(static_cast<double>(k % 5));
    }
    if (columns > 8) s[8] = never;
    const auto of = [&](ExpKernel* kernel) {
      std::vector<double> all(s.size() + 1, -1);
      all.push_back(kernel(s.data(), top, counts.data(), columns, all.data()));
      return all;
    };
    const std::vector<double> plain = of(exp_sum_plain);
    double sum = 0;
    for (std::size_t k = 0; k < s.size(); ++k) {
      const double expected = std::exp(s[k] - top);
      CAPTURE(columns, k);
      CHECK(std::abs(plain[k] - expected) <= 5e-16 * expected + 1e-306);
      sum += counts[k] * expected;
    }
    CHECK(plain[s.size()] == -1);  // not written
    CHECK(std::abs(plain.back() - sum) <= 1e-14 * sum);
#if defined(MEMSCALE_X86_KERNELS)
    if (cpu_runs(InstructionSet::avx2)) CHECK(of(exp_sum_avx2) == plain);
    if (cpu_runs(InstructionSet::avx512)) CHECK(of(exp_sum_avx512) == plain);
#endif
  }
}

TEST_CASE("exponentials of scores that are not finite are not finite", "[model]") {
  for (const double top : {std::numeric_limits<double>::infinity(), std::nan("")}) {
    const std::vector<double> s{0, top, 1}, counts(3, 1);
    std::vector<double> e(3);
    CHECK(std::isnan(best_exp_kernel()(s.data(), top, counts.data(), 3, e.data())));
    CHECK(std::isnan(e[1]));
  }
}
