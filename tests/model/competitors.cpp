#include "memscale/model/competitors.hpp"

#include <algorithm>
#include <random>

#include "catch.hpp"
#include "memscale/core/cpu.hpp"
#include "memscale/model/norm_kernel.hpp"
#include "random_matrix.hpp"

namespace memscale {

namespace {

GaussianMemory random_memory(Eigen::Index d, Eigen::Index items, std::uint64_t seed) {
  std::mt19937_64 generator(seed);
  return {test::random_matrix(items, d, generator).cast<float>(),
          test::random_matrix(items, d, generator).cast<float>()};
}

}  // namespace

TEST_CASE("competitors: frequent items, then descending norms, each item once", "[model]") {
  ThreadTeam team(2);
  GaussianMemory memory = random_memory(12, 3000, 31);
  for (Eigen::Index i : {17, 18, 40, 1500}) memory.u.row(i).setConstant(static_cast<float>(i / 30));  // ties, zeros
  for (Eigen::Index i : {19, 20}) memory.u.row(i) *= 1e-30f;
  const Competitors competitors(memory, team);
  const auto& order = competitors.order();
  std::vector<std::int64_t> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < sorted.size(); ++i) REQUIRE(sorted[i] == static_cast<std::int64_t>(i));
  CHECK(std::vector<std::int64_t>(order.begin(), order.begin() + 3) == std::vector<std::int64_t>{0, 1, 2});
  auto expected = sorted;
  std::stable_sort(expected.begin() + 8, expected.end(), [&](std::int64_t a, std::int64_t b) {
    return competitors.output_norm()[static_cast<std::size_t>(a)] >
           competitors.output_norm()[static_cast<std::size_t>(b)];
  });
  CHECK(order == expected);
  REQUIRE(competitors.head().rows() == 1024);
  for (Eigen::Index row = 0; row < 1024; ++row)
    REQUIRE(competitors.head().row(row) == memory.u.row(order[static_cast<std::size_t>(row)]));
}

TEST_CASE("input scales are powers of two that even out the coordinates; norms are bounds", "[model]") {
  ThreadTeam team(3);
  GaussianMemory memory = random_memory(6, 5000, 32);
  const std::vector<float> factor{1, 100, 1e-3f, 0, 1e-30f, 1e25f};
  for (Eigen::Index k = 0; k < 6; ++k) memory.v.col(k) *= factor[static_cast<std::size_t>(k)];
  const Competitors competitors(memory, team);
  int exponent = 0;
  for (float scale : competitors.input_scale()) CHECK(std::frexp(scale, &exponent) == 0.5f);
  Eigen::RowVectorXd scale(6);
  for (Eigen::Index k = 0; k < 6; ++k)
    scale(k) = static_cast<double>(competitors.input_scale()[static_cast<std::size_t>(k)]);
  for (Eigen::Index k : {0, 1, 2}) {
    const double rms = (memory.v.col(k).cast<double>() * scale(k)).norm() / std::sqrt(5000.0);
    CHECK(rms >= 1);
    CHECK(rms < 2);
  }
  CHECK(scale(3) == 1);
  for (std::size_t i = 0; i < 5000; ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    const double u = memory.u.row(row).cast<double>().norm();
    const double v = memory.v.row(row).cast<double>().cwiseProduct(scale).norm();
    REQUIRE((competitors.output_norm()[i] >= u && competitors.output_norm()[i] <= u * (1 + 2e-6)));
    REQUIRE((competitors.input_norm()[i] >= v && competitors.input_norm()[i] <= v * (1 + 2e-6)));
    REQUIRE(competitors.longest_output() >= competitors.output_norm()[i]);
  }
}

TEST_CASE("the same competitors for any number of threads", "[model]") {
  const GaussianMemory memory = random_memory(20, 7000, 33);
  ThreadTeam one(1), three(3);
  const Competitors a(memory, one), b(memory, three);
  CHECK(a.order() == b.order());
  CHECK(a.head() == b.head());
  CHECK(a.input_scale() == b.input_scale());
  CHECK(a.input_norm() == b.input_norm());
  CHECK(a.outputs().error() == b.outputs().error());
}

TEST_CASE("squared norms of scaled rows, the same bytes from each instruction set", "[model]") {
  for (int d : {1, 7, 8, 15, 16, 17, 40, 1000}) {
    const GaussianMemory memory = random_memory(d, 9, 34);
    std::vector<float> scale;
    for (int k = 0; k < d; ++k) scale.push_back(std::ldexp(1.0f, k % 60 - 30));
    const Eigen::Map<const Eigen::RowVectorXf> factor(scale.data(), d);
    for (Eigen::Index i = 0; i < memory.items(); ++i) {
      const auto of = [&](NormKernel* kernel) { return kernel(memory.u.row(i).data(), scale.data(), d); };
      const double plain = of(squared_norm_plain);
      CHECK(plain == Approx(memory.u.row(i).cast<double>().cwiseProduct(factor.cast<double>()).squaredNorm())
                         .epsilon(1e-13)
                         .margin(0));
#if defined(MEMSCALE_X86_KERNELS)
      if (cpu_runs(InstructionSet::avx2)) CHECK(of(squared_norm_avx2) == plain);
      if (cpu_runs(InstructionSet::avx512)) CHECK(of(squared_norm_avx512) == plain);
#endif
    }
  }
}

}  // namespace memscale
