#include "memscale/model/softmax_gradient.hpp"

#include <cmath>
#include <numeric>

#include "brute_force.hpp"
#include "catch.hpp"
#include "random_matrix.hpp"

namespace memscale {

namespace {

GaussianMemory random_memory(Eigen::Index d, Eigen::Index items, std::mt19937_64& generator) {
  const double scale = 1 / std::sqrt(static_cast<double>(d));
  const Matrix u = scale * test::random_matrix(items, d, generator),
               v = scale * test::random_matrix(items, d, generator);
  return {u.cast<float>(), v.cast<float>()};
}

/// W = scale sum_i u_i v_i^T over the first `items` items, which it fits the better the larger the scale.
Matrix fitting_weights(const GaussianMemory& memory, Eigen::Index items, double scale) {
  return scale * memory.u.topRows(items).transpose().cast<double>() * memory.v.topRows(items).cast<double>();
}

Batch batch_of(std::vector<std::int64_t> items) {
  Vector q(static_cast<Eigen::Index>(items.size()));
  for (Eigen::Index i = 0; i < q.size(); ++i) q(i) = 1 / static_cast<double>((i + 1) * (i + 2));
  return {std::move(items), q};
}

Batch batch_of_all(const GaussianMemory& memory) {
  std::vector<std::int64_t> items(static_cast<std::size_t>(memory.items()));
  std::iota(items.begin(), items.end(), 0);
  return batch_of(std::move(items));
}

struct Twin {
  Matrix gradient;
  double loss = 0;
  Vector probabilities;
};

/// By the definition, in float64, as sums over competitors that keep the relative accuracy of what is nearly 0.
Twin twin_of(const GaussianMemory& memory, const Matrix& weights, const Batch& batch) {
  const Matrix u = memory.u.cast<double>(), s = test::scores(memory, weights);
  Twin twin{Matrix::Zero(weights.rows(), weights.cols()), 0, Vector(batch.q.size())};
  for (Eigen::Index k = 0; k < batch.q.size(); ++k) {
    const Eigen::Index i = batch.items[static_cast<std::size_t>(k)];
    double others = 0;  // (1 - pi_ii) / pi_ii
    Eigen::RowVectorXd residual = Eigen::RowVectorXd::Zero(u.cols());
    for (Eigen::Index j = 0; j < u.rows(); ++j) {
      if (j == i) continue;
      others += std::exp(s(i, j) - s(i, i));
      residual += std::exp(s(i, j) - s(i, i)) * (u.row(i) - u.row(j));
    }
    twin.probabilities(k) = 1 / (1 + others);
    twin.loss += batch.q(k) * std::log1p(others);
    twin.gradient += batch.q(k) * twin.probabilities(k) * residual.transpose() * memory.v.row(i).cast<double>();
  }
  return twin;
}

}  // namespace

TEST_CASE("loss, gradient and probabilities equal their definition", "[model]") {
  std::mt19937_64 generator(3);
  ThreadTeam team(2);
  for (const auto& [d, items] : {std::pair{1, 2}, {1, 33}, {3, 2}, {8, 64}, {24, 300}, {100, 257}}) {
    const GaussianMemory memory = random_memory(d, items, generator);
    const Batch batch = batch_of_all(memory);
    for (const double scale : {0.1, 3.0, 60.0}) {
      INFO("d=" << d << " items=" << items << " scale=" << scale);
      Matrix weights = fitting_weights(memory, (items + 1) / 2, 1) + 0.5 * test::random_matrix(d, d, generator);
      weights *= scale / test::scores(memory, weights).cwiseAbs().maxCoeff();
      const Twin twin = twin_of(memory, weights, batch);
      const SoftmaxGradient result = softmax_gradient(memory, weights, batch, team);
      // float32 scores: relative errors of the exponentials of some 1e-7 times the scores
      const double tolerance = 1e-6 * (1 + scale);
      CHECK((result.gradient - twin.gradient).norm() < tolerance * twin.gradient.norm());
      CHECK(std::abs(result.loss - twin.loss) < tolerance * twin.loss);
      CHECK(softmax_loss(memory, weights, batch, team) == result.loss);
      const Vector probabilities = correct_probabilities(memory, weights, batch.items, team);
      CHECK((probabilities - twin.probabilities).cwiseQuotient(twin.probabilities).cwiseAbs().maxCoeff() < tolerance);
    }
  }
}

TEST_CASE("what is left of a fitted item's gradient and loss keeps its relative accuracy", "[model]") {
  std::mt19937_64 generator(4);
  ThreadTeam team(1);
  const GaussianMemory memory = random_memory(64, 400, generator);
  double least = 1;
  for (const double scale : {10.0, 60.0, 250.0}) {
    const Matrix weights = fitting_weights(memory, 3, scale);
    for (const std::int64_t item : {0, 1, 2, 399}) {
      const Batch batch = batch_of({item});
      const Twin twin = twin_of(memory, weights, batch);
      const SoftmaxGradient result = softmax_gradient(memory, weights, batch, team);
      INFO("scale=" << scale << " item=" << item << " loss=" << twin.loss);
      const double tolerance = 1e-6 * (1 + scale);  // as above: scores of at most `scale`
      CHECK((result.gradient - twin.gradient).norm() < tolerance * twin.gradient.norm());
      CHECK(std::abs(result.loss - twin.loss) < tolerance * twin.loss);
      least = std::min(least, twin.loss);
    }
  }
  CHECK(least < 1e-30);  // far below the rounding of 1 - pi_ii in any precision
}

TEST_CASE("the softmax gradient is minus the slope of the loss", "[model]") {
  std::mt19937_64 generator(5);
  ThreadTeam team(2);
  const GaussianMemory memory = random_memory(12, 150, generator);
  const Batch batch = batch_of({0, 3, 4, 50, 149});
  const Matrix weights = fitting_weights(memory, 150, 2);
  const Matrix g = softmax_gradient(memory, weights, batch, team).gradient;
  const double h = 0.02;  // central differences: error h^2 |L'''| / 6 about 1e-5, rounding 1e-7 L / h about 1e-5
  for (int repeat = 0; repeat < 5; ++repeat) {
    const Matrix direction = test::random_matrix(12, 12, generator) / 12;
    const double ahead = softmax_loss(memory, weights + h * direction, batch, team),
                 behind = softmax_loss(memory, weights - h * direction, batch, team);
    CHECK((ahead - behind) / (2 * h) == Approx(-g.cwiseProduct(direction).sum()).margin(5e-5));
  }
}

TEST_CASE("at W = 0 the softmax gradient is the closed form", "[model]") {
  std::mt19937_64 generator(6);
  ThreadTeam team(2);
  const GaussianMemory memory = random_memory(19, 1000, generator);
  const Batch batch = batch_of_all(memory);
  const SoftmaxGradient result = softmax_gradient(memory, Matrix::Zero(19, 19), batch, team);
  const Matrix u = memory.u.cast<double>(), v = memory.v.cast<double>();
  // G(0) = sum_i q_i (u_i - mean u) v_i^T
  const Matrix closed = (u.rowwise() - u.colwise().mean()).transpose() * batch.q.asDiagonal() * v;
  CHECK((result.gradient - closed).norm() < 1e-6 * closed.norm());  // means in float32
  CHECK(result.loss == Approx(batch.q.sum() * std::log(1000)).epsilon(1e-7));
}

TEST_CASE("the softmax gradient has the same bits for any number of threads", "[model]") {
  std::mt19937_64 generator(7);
  const GaussianMemory memory = random_memory(21, 700, generator);
  const Matrix weights = fitting_weights(memory, 700, 5);
  const Batch batch = batch_of_all(memory);
  ThreadTeam one(1);
  const SoftmaxGradient g = softmax_gradient(memory, weights, batch, one);
  const Vector probabilities = correct_probabilities(memory, weights, batch.items, one);
  for (int size : {2, 3}) {
    ThreadTeam team(size);
    const SoftmaxGradient again = softmax_gradient(memory, weights, batch, team);
    CHECK(again.gradient == g.gradient);
    CHECK(again.loss == g.loss);
    CHECK(softmax_loss(memory, weights, batch, team) == g.loss);
    CHECK(correct_probabilities(memory, weights, batch.items, team) == probabilities);
  }
}

TEST_CASE("a minibatch's softmax gradient reads its own inputs alone", "[model]") {
  std::mt19937_64 generator(8);
  ThreadTeam team(2);
  GaussianMemory memory = random_memory(9, 800, generator);
  const Matrix weights = fitting_weights(memory, 800, 4);
  const Batch batch = batch_of({0, 1, 2, 63, 64, 225, 448, 799});
  const Twin twin = twin_of(memory, weights, batch);
  for (Eigen::Index i = 0, k = 0; i < 800; ++i) {
    if (k < batch.q.size() && batch.items[static_cast<std::size_t>(k)] == i) {
      ++k;
    } else {
      memory.v.row(i).setConstant(NAN);
    }
  }
  const SoftmaxGradient result = softmax_gradient(memory, weights, batch, team);
  CHECK((result.gradient - twin.gradient).norm() < 1e-5 * twin.gradient.norm());
  CHECK(result.loss == Approx(twin.loss).epsilon(1e-5));
}

TEST_CASE("a single item has neither loss nor gradient, and overflow shows", "[model]") {
  std::mt19937_64 generator(9);
  ThreadTeam team(1);
  const GaussianMemory single = random_memory(5, 1, generator);
  const SoftmaxGradient nothing = softmax_gradient(single, Matrix::Identity(5, 5), batch_of({0}), team);
  CHECK(nothing.gradient.isZero(0));
  CHECK(nothing.loss == 0);
  CHECK(correct_probabilities(single, Matrix::Identity(5, 5), {0}, team)(0) == 1);
  const GaussianMemory memory = random_memory(5, 40, generator);
  const SoftmaxGradient empty = softmax_gradient(memory, Matrix::Identity(5, 5), {{}, Vector()}, team);
  CHECK(empty.gradient.isZero(0));
  CHECK(empty.loss == 0);
  const SoftmaxGradient beyond = softmax_gradient(memory, Matrix::Constant(5, 5, 1e200), batch_of_all(memory), team);
  CHECK_FALSE(std::isfinite(beyond.loss));
  CHECK_FALSE(beyond.gradient.allFinite());
}

}  // namespace memscale
