#include "memscale/experiment/run_trial.hpp"

#include <Eigen/SVD>
#include <functional>

#include "brute_force.hpp"
#include "catch.hpp"
#include "memscale/core/bytes.hpp"
#include "memscale/experiment/simulation.hpp"
#include "memscale/model/recall.hpp"

namespace memscale {

namespace {

Trial small_trial(OptimizerKind optimizer, double alpha = 1.5, std::int64_t seed = 1) {
  Trial trial;
  trial.d = 12;
  trial.items = 400;
  trial.alpha = alpha;
  trial.seed = seed;
  trial.optimizer = optimizer;
  trial.ridge = 1e-8;
  trial.beta1 = 0.9;
  trial.beta2 = 0.99;
  trial.epsilon = 1e-8;
  if (optimizer == OptimizerKind::adam) trial.steps = 3;
  trial.spectra_measure = SpectraMeasure::final;
  return canonical(trial);
}

Trial small_trial(OptimizerKind optimizer, const std::function<void(Trial&)>& change) {
  Trial trial = small_trial(optimizer);
  change(trial);
  return canonical(trial);
}

/// All bits, so that a NaN equals itself.
template <class Fields>
std::vector<std::byte> bytes_of(const Fields& fields) {
  ByteWriter out;
  encode(out, fields);
  return out.bytes();
}

bool same(const Record& a, const Record& b) {
  return bytes_of(a.result) == bytes_of(b.result) && bytes_of(a.trace) == bytes_of(b.trace) && a.recall == b.recall;
}

}  // namespace

TEST_CASE("a trial's result does not depend on what ran before it", "[experiment]") {
  Workspace shared;
  using enum OptimizerKind;
  for (std::int64_t seed : {1, 2, 1})
    for (double alpha : {1.25, 3.0})
      for (OptimizerKind optimizer : {gd, muon, newton, ngd, signgd, adam}) {
        Workspace fresh;
        const Trial trial = small_trial(optimizer, alpha, seed);
        const Record record = run_trial(trial, shared);
        CHECK(same(record, run_trial(trial, fresh)));
        CHECK(record.trial == trial);
        CHECK(record.result.status == TrialStatus::ok);
        CHECK(record.message.empty());
      }
}

TEST_CASE("a trial's result is that of its simulation, and of brute force", "[experiment]") {
  using enum OptimizerKind;
  for (OptimizerKind optimizer : {gd, muon, newton, ngd, signgd}) {
    Workspace workspace;
    Cost cost;
    const Simulation run = simulate(small_trial(optimizer), workspace, cost);
    CHECK(run.recovery.recovered == test::recovered(run.memory, run.weights));
    CHECK(run.result.capacity == run.recovery.capacity());
    CHECK(run.result.prefix == run.recovery.prefix());
    CHECK(run.result.accuracy == run.recovery.accuracy(run.p));
    CHECK(run.result.steps_done == 1);
    CHECK(run.result.capacity > 0);
  }
}

TEST_CASE("results of known trials are frozen", "[experiment]") {
  // Other values here mean that stores on disk no longer replay: raise physics_version, deliberately, or mend the
  // change.
  struct Known {
    OptimizerKind optimizer;
    double alpha;
    std::int64_t seed, capacity, prefix;
    double accuracy;
  };
  Workspace workspace;
  for (const Known& known : {Known{OptimizerKind::gd, 1.5, 1, 1, 1, 0.39801980218966848},
                             Known{OptimizerKind::muon, 1.5, 1, 3, 1, 0.51021872219882214},
                             Known{OptimizerKind::newton, 2.0, 3, 8, 0, 0.30430955567622858}}) {
    const Result result = run_trial(small_trial(known.optimizer, known.alpha, known.seed), workspace).result;
    CHECK(result.capacity == known.capacity);
    CHECK(result.prefix == known.prefix);
    CHECK(result.accuracy == Approx(known.accuracy).epsilon(1e-14));  // libraries differ in pow's last digit
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

TEST_CASE("an error in a trial is a failed record with its message, and the next trial is sound", "[experiment]") {
  Workspace workspace;
  Trial singular = small_trial(OptimizerKind::newton);
  singular.items = 6;  // fewer outputs than dimensions
  const Record record = run_trial(singular, workspace);
  CHECK(record.result.status == TrialStatus::failed);
  CHECK(record.message.find("singular") != std::string::npos);
  Workspace fresh;
  const Trial next = small_trial(OptimizerKind::muon);
  CHECK(same(run_trial(next, workspace), run_trial(next, fresh)));
}

TEST_CASE("non-finite weights are a diverged result", "[experiment]") {
  Workspace workspace;
  Trial trial = small_trial(OptimizerKind::gd);
  trial.eta = 1e308;
  trial.eta_scale = EtaScale::sqrt_d;
  trial.d = 1024;
  trial.items = 4;
  const Record record = run_trial(trial, workspace);  // not canonical(trial), which refuses such an eta
  CHECK(record.result.status == TrialStatus::diverged);
  CHECK(record.result.diverged_step == 1);
  CHECK(record.result.steps_done == 0);
  CHECK(record.result.capacity == 0);
  CHECK(record.trace.capacity.empty());
  CHECK(record.message.empty());
}

TEST_CASE("the smallest problems run", "[experiment]") {
  Workspace workspace;
  for (std::int64_t d : {1, 2, 7})
    for (std::int64_t items : {1, 2, 3, 50})
      for (OptimizerKind optimizer : {OptimizerKind::gd, OptimizerKind::muon}) {
        const Record record = run_trial(small_trial(optimizer,
                                                    [&](Trial& t) {
                                                      t.d = d;
                                                      t.items = items;
                                                      t.steps = 3;
                                                      t.loss_measure = LossMeasure::exact;
                                                    }),
                                        workspace);
        CHECK(record.result.status == TrialStatus::ok);
        CHECK(record.result.capacity <= items);
      }
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
    CHECK(run.trace.train_loss[step] == Approx(test::loss(run.memory, run.p, weights)).epsilon(1e-5));
    const Matrix gradient = test::gradient(run.memory, run.p, weights);
    CHECK(run.trace.gradient_norm[step] == Approx(gradient.norm()).epsilon(1e-5));
    momentum = 0.5 * momentum + gradient;
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd(momentum, Eigen::ComputeFullU | Eigen::ComputeFullV);
    weights += 0.5 * std::sqrt(12.0) * std::pow(1.25, step) * svd.matrixU() * svd.matrixV().transpose();
  }
  CHECK((run.weights - weights).norm() < 1e-4 * weights.norm());  // float32 scores, through four steps
  CHECK(run.result.loss == Approx(test::loss(run.memory, run.p, run.weights)).epsilon(1e-5));
  CHECK(run.result.steps_done == 4);
  CHECK(run.trace.capacity.back() == static_cast<double>(run.result.capacity));
}

TEST_CASE("a trace holds what shorter trials end with", "[experiment]") {
  Workspace workspace;
  for (OptimizerKind optimizer : {OptimizerKind::gd, OptimizerKind::muon, OptimizerKind::signgd}) {
    const auto with_steps = [&](std::int64_t steps) {
      return run_trial(small_trial(optimizer, [&](Trial& t) { t.steps = steps; }), workspace);
    };
    const Record all = with_steps(4);
    REQUIRE(all.trace.capacity.size() == 4);
    for (std::int64_t steps = 1; steps <= 4; ++steps) {
      const Record some = with_steps(steps);
      const auto last = static_cast<std::size_t>(steps - 1);
      CHECK(all.trace.capacity[last] == static_cast<double>(some.result.capacity));
      CHECK(all.trace.prefix[last] == static_cast<double>(some.result.prefix));
      CHECK(all.trace.accuracy[last] == some.result.accuracy);
    }
  }
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
  const Matrix gradient = test::gradient(run.memory, q, run.weights_before);
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
    const Matrix s = test::scores(run.memory, run.weights_before);
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
    const Matrix s = test::scores(run.memory, run.weights_before);
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
  const Eigen::RowVectorXd mean = run.memory.u.cast<double>().colwise().mean();
  for (std::int64_t i = last; i < 400; ++i)
    gradient += run.p(i) * (run.memory.u.row(i).cast<double>() - mean).transpose() * run.memory.v.row(i).cast<double>();
  CHECK((run.gradient - gradient).norm() < 1e-12);
}

TEST_CASE("a trial stops early when its capacity stalls", "[experiment]") {
  Workspace workspace;
  const auto with = [&](double growth, std::int64_t window) {
    return run_trial(small_trial(OptimizerKind::muon,
                                 [&](Trial& t) {
                                   t.steps = 60;
                                   t.eta_scale = EtaScale::sqrt_d;
                                   t.stop_growth = growth;
                                   t.stop_window = window;
                                 }),
                     workspace);
  };
  const Record full = with(0, 10);
  REQUIRE(full.result.steps_done == 60);
  for (std::int64_t window : {1, 3, 10}) {
    const Record stopped = with(0.05, window);
    const auto& c = full.trace.capacity;
    std::int64_t expected = 60;
    for (std::int64_t t = 60; t > window; --t) {
      const double before = c[static_cast<std::size_t>(t - 1 - window)];
      if (c[static_cast<std::size_t>(t - 1)] - before < 0.05 * before) expected = t;
    }
    CHECK(expected < 60);
    CHECK(stopped.result.steps_done == expected);
    CHECK(stopped.trace.capacity.size() == static_cast<std::size_t>(expected));
    CHECK(stopped.result.status == TrialStatus::ok);
  }
}

TEST_CASE("a trial that diverges later tells the step and keeps its trace", "[experiment]") {
  Workspace workspace;
  const Trial trial = small_trial(OptimizerKind::gd, [](Trial& t) {
    t.steps = 9;
    t.eta = 1e90;
    t.eta_growth = 1000;
  });
  const Record record = run_trial(trial, workspace);
  CHECK(record.result.status == TrialStatus::diverged);
  CHECK(record.result.diverged_step >= 2);
  CHECK(record.result.steps_done == record.result.diverged_step - 1);
  CHECK(record.trace.capacity.size() == static_cast<std::size_t>(record.result.steps_done));
  CHECK(record.result.capacity == 0);
}

TEST_CASE("a loss that cannot be measured is a diverged result", "[experiment]") {
  Workspace workspace;
  const auto with = [&](double eta) {
    return run_trial(small_trial(OptimizerKind::muon,
                                 [&](Trial& t) {
                                   t.eta = eta;
                                   t.loss_measure = LossMeasure::exact;
                                 }),
                     workspace)
        .result;
  };
  CHECK(with(1e30).status == TrialStatus::ok);
  CHECK(std::isfinite(with(1e30).loss));
  const Result beyond = with(1e60);  // scores beyond float32
  CHECK(beyond.status == TrialStatus::diverged);
  CHECK(beyond.diverged_step == 1);
  CHECK(beyond.capacity == 0);
}

TEST_CASE("threads change no bit of a result", "[experiment]") {
  Workspace one(1), three(3);
  for (OptimizerKind optimizer : {OptimizerKind::muon, OptimizerKind::gd, OptimizerKind::newton})
    for (double batch : {64.0, std::numeric_limits<double>::infinity()}) {
      const Trial trial = small_trial(optimizer, [&](Trial& t) {
        t.items = 5000;
        t.batch = batch;
        if (optimizer != OptimizerKind::newton) t.steps = 3;
        t.loss_measure = LossMeasure::exact;
      });
      CHECK(same(run_trial(trial, one), run_trial(trial, three)));
    }
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
