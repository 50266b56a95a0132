#include "memscale/experiment/simulation.hpp"

#include <Eigen/SVD>
#include <cmath>
#include <limits>

#include "brute_force.hpp"
#include "catch.hpp"
#include "memscale/model/recall.hpp"
#include "small_trial.hpp"

namespace memscale {

TEST_CASE("a trial's result is that of its simulation, and of brute force", "[experiment]") {
  using enum OptimizerKind;
  for (OptimizerKind optimizer : {gd, muon, newton, ngd, signgd}) {
    Workspace workspace;
    Cost cost;
    const Simulation run = simulate(small_trial(optimizer), workspace, cost);
    CHECK(run.recovery.recovered == test::recovered(*run.memory, run.weights));
    CHECK(run.result.capacity == run.recovery.capacity());
    CHECK(run.result.prefix == run.recovery.prefix());
    CHECK(run.result.accuracy == run.recovery.accuracy(run.p));
    CHECK(run.result.steps_done == 1);
    CHECK(run.result.capacity > 0);
  }
}

TEST_CASE("capacity after one step does not depend on eta, the weights do", "[experiment]") {
  Workspace workspace;
  Cost cost;
  Trial trial = small_trial(OptimizerKind::muon);
  const Simulation run = simulate(trial, workspace, cost);
  trial.eta = 2;
  trial.eta_scale = EtaScale::sqrt_d;
  const Simulation other = simulate(canonical(trial), workspace, cost);
  CHECK(other.result.capacity == run.result.capacity);
  CHECK(other.recovery.recovered == run.recovery.recovered);
  CHECK((other.weights - 2 * std::sqrt(12.0) * run.weights).norm() < 1e-12);
}

TEST_CASE("many steps are those of a loop written from the definitions", "[experiment]") {
  // W <- W + eta_t msgn(mu M + G), G by the full float64 softmax
  Trial trial = small_trial(OptimizerKind::muon, [](Trial& t) {
    t.steps = 4;
    t.eta = 0.5;
    t.eta_scale = EtaScale::sqrt_d;
    t.eta_growth = 1.25;
    t.momentum = 0.5;
    t.loss_measure = LossMeasure::exact;
  });
  Workspace workspace;
  Cost cost;
  const Simulation run = simulate(trial, workspace, cost);
  Matrix weights = Matrix::Zero(12, 12), momentum = weights;
  for (int step = 0; step < 4; ++step) {
    CHECK(run.trace.train_loss[step] == Approx(test::loss(*run.memory, run.p, weights)).epsilon(1e-5));
    const Matrix gradient = test::gradient(*run.memory, run.p, weights);
    CHECK(run.trace.gradient_norm[step] == Approx(gradient.norm()).epsilon(1e-5));
    momentum = 0.5 * momentum + gradient;
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd(momentum, Eigen::ComputeFullU | Eigen::ComputeFullV);
    weights += 0.5 * std::sqrt(12.0) * std::pow(1.25, step) * svd.matrixU() * svd.matrixV().transpose();
  }
  CHECK((run.weights - weights).norm() < 1e-4 * weights.norm());  // float32 scores, through four steps
  CHECK(run.result.loss == Approx(test::loss(*run.memory, run.p, run.weights)).epsilon(1e-5));
  CHECK(run.result.steps_done == 4);
  CHECK(run.trace.capacity.back() == static_cast<double>(run.result.capacity));
}

TEST_CASE("a minibatch trial sees its own batches, the same for every optimizer", "[experiment]") {
  Workspace workspace;
  Cost cost;
  const auto with = [&](OptimizerKind optimizer, std::int64_t steps) {
    return simulate(small_trial(optimizer,
                                [&](Trial& t) {
                                  t.batch = 50;
                                  t.steps = steps;
                                }),
                    workspace, cost);
  };
  const Batch first = with(OptimizerKind::gd, 1).batch, second = with(OptimizerKind::gd, 2).batch;
  CHECK(first.items.size() <= 50);
  CHECK(first.q.sum() == Approx(1));
  CHECK((first.items != second.items || first.q != second.q));
  CHECK(with(OptimizerKind::muon, 2).batch.items == second.items);
  CHECK(with(OptimizerKind::signgd, 1).batch.items == first.items);
  const Simulation run = with(OptimizerKind::muon, 2);
  Vector q = Vector::Zero(400);
  for (std::size_t k = 0; k < run.batch.items.size(); ++k) q(run.batch.items[k]) = run.batch.q(static_cast<int>(k));
  const Matrix gradient = test::gradient(*run.memory, q, run.weights_before);
  CHECK((run.gradient - gradient).norm() < 1e-5 * gradient.norm());
}

TEST_CASE("a thresholded gradient drops what its rule says", "[experiment]") {
  Workspace workspace;
  Cost cost;
  const auto with = [&](ThresholdRule rule, double value) {
    return simulate(small_trial(OptimizerKind::muon,
                                [&](Trial& t) {
                                  t.steps = 2;
                                  t.eta_scale = EtaScale::sqrt_d;
                                  t.gradient = GradientKind::thresholded;
                                  t.threshold = rule;
                                  t.threshold_value = value;
                                }),
                    workspace, cost);
  };
  const auto kept = [](const Simulation& run) {
    std::vector<std::uint8_t> mask(400, 0);
    for (std::int64_t item : run.batch.items) mask[static_cast<std::size_t>(item)] = 1;
    return mask;
  };
  for (double value : {0.0, 0.5, 2.0}) {
    const Simulation run = with(ThresholdRule::margin, value);
    const Matrix s = test::scores(*run.memory, run.weights_before);
    for (Eigen::Index i = 0; i < 400; ++i) {
      double best = -std::numeric_limits<double>::infinity();
      for (Eigen::Index j = 0; j < 400; ++j)
        if (j != i) best = std::max(best, s(i, j));
      CHECK(kept(run)[static_cast<std::size_t>(i)] == !(s(i, i) > best + value));
    }
  }
  CHECK(kept(with(ThresholdRule::argmax, 0)) == kept(with(ThresholdRule::margin, 0)));
  for (double value : {0.5, 0.9}) {
    const Simulation run = with(ThresholdRule::probability, value);
    const Matrix s = test::scores(*run.memory, run.weights_before);
    for (Eigen::Index i = 0; i < 400; ++i) {
      const double probability = 1 / (s.row(i).array() - s(i, i)).exp().sum();
      if (std::abs(probability - value) > 1e-5) CHECK(kept(run)[static_cast<std::size_t>(i)] == (probability < value));
    }
  }
  const Simulation run = with(ThresholdRule::rank, 0.5);
  const auto last = static_cast<std::int64_t>(0.5 * std::pow(12.0, 1 + 1 / 3.0));  // d^(1 + 1/(2 alpha)) after a step
  for (std::int64_t i = 0; i < 400; ++i) CHECK(kept(run)[static_cast<std::size_t>(i)] == (i + 1 > last));
  // G~ = sum over the kept of q_i (u_i - mean u) v_i^T
  Matrix gradient = Matrix::Zero(12, 12);
  const Eigen::RowVectorXd mean = run.memory->u.cast<double>().colwise().mean();
  for (std::int64_t i = last; i < 400; ++i)
    gradient +=
        run.p(i) * (run.memory->u.row(i).cast<double>() - mean).transpose() * run.memory->v.row(i).cast<double>();
  CHECK((run.gradient - gradient).norm() < 1e-12);
}

TEST_CASE("recall curve, spectra and polar distance are those of the final W", "[experiment]") {
  Workspace workspace;
  Cost cost;
  const Simulation run = simulate(small_trial(OptimizerKind::muon, [](Trial& t) { t.steps = 2; }), workspace, cost);
  const auto bins = recall_bins(400);
  REQUIRE(run.recall.size() == bins.size());
  std::int64_t sum = 0;
  for (std::size_t k = 0; k < bins.size(); ++k) {
    sum += run.recall[k];
    std::int64_t count = 0;
    for (std::int64_t rank = bins[k].low; rank <= bins[k].high; ++rank)
      count += run.recovery.recovered[static_cast<std::size_t>(rank - 1)];
    CHECK(run.recall[k] == count);
  }
  CHECK(sum == run.result.capacity);
  CHECK(run.result.update.entropy == Approx(1));  // msgn: all singular values are 1
  CHECK(run.result.polar_distance == Approx(0).margin(1e-10));
  CHECK(run.result.polar_cosine == Approx(1));
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd{Eigen::MatrixXd(run.weights)};
  CHECK(run.result.weights.largest == Approx(svd.singularValues()(0)));
  CHECK(run.result.weights.smallest == Approx(svd.singularValues()(11)).margin(1e-12));
}

}  // namespace memscale
