#include "memscale/model/softmax_kernel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "catch.hpp"
#include "memscale/linalg/matrix.hpp"
#include "random_matrix.hpp"

namespace memscale {

namespace {

/// Rows of length about 1.
MatrixF random_outputs(Eigen::Index d, Eigen::Index items, std::mt19937_64& generator) {
  return (test::random_matrix(items, d, generator) / std::sqrt(d)).cast<float>();
}

/// The softmax of each query over its competitors by one kernel.
struct KernelAnswer {
  Vector log2_sum;
  MatrixF mean;
};

KernelAnswer run_kernel(SoftmaxKernel* kernel, const MatrixF& u, const std::vector<std::int64_t>& own,
                        const MatrixF& x) {
  KernelAnswer answer{Vector(x.rows()), MatrixF(x.rows(), x.cols())};
  // a float past the workspace's end must stay as it is
  const auto size = static_cast<std::size_t>(softmax_workspace(u.cols(), x.rows()));
  std::vector<float> memory(size + 17);
  const auto misaligned = reinterpret_cast<std::uintptr_t>(memory.data()) / sizeof(float) % 16;
  float* const workspace = memory.data() + (16 - misaligned) % 16;
  workspace[size] = 42;
  kernel(u.data(), u.rows(), u.cols(), {x.rows(), own.data(), x.data(), answer.log2_sum.data(), answer.mean.data()},
         workspace);
  CHECK(workspace[size] == 42);
  Vector alone(x.rows());
  kernel(u.data(), u.rows(), u.cols(), {x.rows(), own.data(), x.data(), alone.data(), nullptr}, workspace);
  CHECK(((alone.array() == answer.log2_sum.array()) || answer.log2_sum.array().isNaN()).all());
  return answer;
}

}  // namespace

TEST_CASE("every version of the softmax kernel agrees with the definition, at any size", "[model]") {
  std::mt19937_64 generator(1);
  for (const NamedSoftmaxKernel& kernel : softmax_kernels()) {
    for (const auto& [d, items, count] : {std::tuple{1, 2, 1},
                                          {1, 33, 31},
                                          {2, 225, 33},
                                          {3, 224, 65},
                                          {17, 449, 40},
                                          {100, 700, 97},
                                          {511, 113, 16},
                                          {513, 230, 33},
                                          {1030, 120, 5}}) {
      for (const double largest_score : {0.0, 1.0, 80.0}) {
        INFO(kernel.name << " d=" << d << " items=" << items << " count=" << count << " scores=" << largest_score);
        const MatrixF u = random_outputs(d, items, generator);
        MatrixF x = test::random_matrix(count, d, generator).cast<float>();
        const double top = (x * u.transpose()).cwiseAbs().maxCoeff();
        x *= static_cast<float>(largest_score / top);
        std::vector<std::int64_t> own;
        for (int q = 0; q < count; ++q) own.push_back((q * 7) % items);
        const KernelAnswer answer = run_kernel(kernel.run, u, own, x);
        double worst_sum = 0, worst_mean = 0;
        for (Eigen::Index q = 0; q < count; ++q) {
          const Vector t = u.cast<double>() * x.row(q).transpose().cast<double>();
          double sum = 0;
          Vector mean = Vector::Zero(d);
          for (Eigen::Index j = 0; j < items; ++j) {
            if (j == own[static_cast<std::size_t>(q)]) continue;
            sum += std::exp2(t(j));
            mean += std::exp2(t(j)) * u.row(j).transpose().cast<double>();
          }
          worst_sum = std::max(worst_sum, std::abs(answer.log2_sum(q) - std::log2(sum)));
          worst_mean = std::max(worst_mean, (answer.mean.row(q).transpose().cast<double>() - mean / sum).norm());
        }
        // a score is a chain of d roundings of partial sums near it, each 2^-25 of that on average, adding up like a
        // random walk; a float32 sum over 224 competitors may be off by several 2^-24, and exp2 by two
        const double rounding = 1e-6 + std::exp2(-25) * std::sqrt(d) * 3 * largest_score;
        CHECK(worst_sum < rounding);
        CHECK(worst_mean < 2 * rounding);  // of vectors of length about 1
      }
    }
  }
}

TEST_CASE("a query's softmax does not depend on its companions", "[model]") {
  std::mt19937_64 generator(2);
  const MatrixF u = random_outputs(37, 500, generator);
  const MatrixF x = (20 * test::random_matrix(70, 37, generator)).cast<float>();
  std::vector<std::int64_t> own(70);
  std::iota(own.begin(), own.end(), 200);
  for (const NamedSoftmaxKernel& kernel : softmax_kernels()) {
    INFO(kernel.name);
    const KernelAnswer together = run_kernel(kernel.run, u, own, x);
    for (Eigen::Index q : {0, 31, 32, 69}) {
      const KernelAnswer alone = run_kernel(kernel.run, u, {own[static_cast<std::size_t>(q)]}, x.row(q));
      CHECK(alone.log2_sum(0) == together.log2_sum(q));
      CHECK(alone.mean.row(0) == together.mean.row(q));
    }
  }
}

TEST_CASE("any dimension has a softmax kernel that this CPU can run", "[model]") {
  const auto kernels = softmax_kernels();
  for (const std::int64_t d : {1, 47, 48, 1024}) {
    INFO("d=" << d);
    CHECK(std::any_of(kernels.begin(), kernels.end(),
                      [&](const NamedSoftmaxKernel& kernel) { return kernel.run == softmax_kernel_for(d).run; }));
  }
  CHECK(softmax_kernel_for(1024).run == kernels.front().run);
}

TEST_CASE("the softmax kernels live with scores beyond float32", "[model]") {
  for (const NamedSoftmaxKernel& kernel : softmax_kernels()) {
    INFO(kernel.name);
    MatrixF u(4, 1), x(1, 1);
    u << 1, 2, -1e30f, 3;
    x << 1e10f;  // the third score is -inf, and weighs nothing
    KernelAnswer answer = run_kernel(kernel.run, u, {3}, x);
    CHECK(answer.log2_sum(0) == Approx(2e10));
    CHECK(answer.mean(0, 0) == 2);
    u << -1e30f, -1e30f, -1e30f, 1;
    answer = run_kernel(kernel.run, u, {3}, x);
    CHECK(answer.log2_sum(0) == -std::numeric_limits<double>::infinity());
    CHECK(answer.mean(0, 0) == 0);
    for (const float beyond :
         {1e30f, std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
      u << 1, beyond, 2, 3;
      CHECK_FALSE(std::isfinite(run_kernel(kernel.run, u, {0}, x).log2_sum(0)));
    }
  }
}

}  // namespace memscale
