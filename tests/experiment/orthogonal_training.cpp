#include <cmath>

#include "catch.hpp"
#include "memory_checkpoints.hpp"
#include "memscale/experiment/simulation.hpp"
#include "memscale/experiment/trace_length.hpp"
#include "memscale/experiment/trial_groups.hpp"
#include "memscale/linalg/block_space.hpp"
#include "memscale/linalg/polar.hpp"
#include "small_trial.hpp"

using namespace memscale;

namespace {

Trial orthogonal(
    OptimizerKind optimizer, const std::function<void(Trial&)>& change = [](Trial&) {}) {
  Trial t;
  t.model = ModelKind::orthogonal;
  t.d = 30;
  t.groups = 5;
  t.optimizer = optimizer;
  t.steps = 12;
  t.eta = optimizer == OptimizerKind::gd || optimizer == OptimizerKind::ngd ? 4 : 0.4;
  t.beta1 = 0.9;
  t.beta2 = 0.99;
  t.epsilon = 1e-8;
  t.spectra_measure = SpectraMeasure::automatic;
  change(t);
  return canonical(t);
}

Simulation run(const Trial& trial, Workspace& workspace) {
  Cost cost;
  return simulate(trial, workspace, cost);
}
Simulation run(const Trial& trial) {
  Workspace workspace;
  return run(trial, workspace);
}

void require_near(const std::vector<double>& a, const std::vector<double>& b, double relative) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i] == Approx(b[i]).epsilon(relative).margin(1e-14));
}

/// Results and traces agree within rounding.
void require_same(const Simulation& a, const Simulation& b, double relative = 1e-9) {
  std::vector<std::vector<double>> of_b;
  for_each_field(b.trace, [&](const char*, const std::vector<double>& values) { of_b.push_back(values); });
  std::size_t field = 0;
  for_each_field(a.trace, [&](const char* name, const std::vector<double>& values) {
    INFO(name);
    require_near(values, of_b[field++], relative);
  });
  std::vector<double> numbers;
  for_each_field(b.result, [&](const char*, const auto& value) { numbers.push_back(static_cast<double>(value)); });
  field = 0;
  for_each_field(a.result, [&](std::string_view name, const auto& value) {
    const double now = static_cast<double>(value), other = numbers[field++];
    INFO(name << " " << now << " " << other);
    if (name.ends_with("_smallest")) return;  // rounding of a 0
    if (std::isnan(other))
      CHECK(std::isnan(now));
    else if (std::isfinite(other))
      CHECK(now == Approx(other).epsilon(relative).margin(1e-9));
    else
      CHECK(now == other);
  });
  CHECK(a.recall == b.recall);
  CHECK(a.recovery.recovered == b.recovery.recovered);
}

const std::vector<OptimizerKind> all_optimizers{OptimizerKind::gd,         OptimizerKind::ngd,    OptimizerKind::muon,
                                                OptimizerKind::tra_signgd, OptimizerKind::signgd, OptimizerKind::adam};

}  // namespace

TEST_CASE("reduced runs are the dense ones, whatever the optimizer, groups and noise") {
  for (OptimizerKind optimizer : all_optimizers)
    for (double noise : {0.0, 0.2})
      for (int layout : {0, 1, 2, 3}) {
        const auto of = [&](Representation representation) {
          return run(orthogonal(optimizer, [&](Trial& t) {
            t.representation = representation;
            t.label_noise = noise;
            if (layout == 1) t.frequencies = FrequencyKind::two_groups, t.head_mass = 0.8, t.head_share = 0.21;
            if (layout == 2) t.groups = 1, t.alpha = 0;
            if (layout == 3) t.groups = t.d = 12;
          }));
        };
        INFO(name_of(optimizer) << " noise " << noise << " layout " << layout);
        require_same(of(Representation::reduced), of(Representation::dense));
      }
}

TEST_CASE("reduced muon is the dense one for every orthogonalizer and with momentum") {
  for (Orthogonalizer orthogonalizer :
       {Orthogonalizer::svd, Orthogonalizer::regularized, Orthogonalizer::newton_schulz})
    for (double momentum : {0.0, 0.9}) {
      const auto of = [&](Representation representation) {
        return run(orthogonal(OptimizerKind::muon, [&](Trial& t) {
          t.representation = representation;
          t.orthogonalizer = orthogonalizer;
          t.lambda = 1e-3;
          t.ns_coefficients = NewtonSchulzSet::jordan;
          t.ns_steps = 5;
          t.momentum = momentum;
        }));
      };
      INFO(name_of(orthogonalizer) << " momentum " << momentum);
      require_same(of(Representation::reduced), of(Representation::dense), 1e-7);
    }
}

TEST_CASE("gd, ngd and muon do not see the basis; signgd and adam do") {
  for (OptimizerKind optimizer : all_optimizers) {
    if (optimizer == OptimizerKind::tra_signgd) continue;  // by definition in the task basis
    const auto in = [&](TaskBasisKind basis) {
      return run(orthogonal(optimizer, [&](Trial& t) {
        t.representation = Representation::dense;
        t.task_basis = basis;
      }));
    };
    const Simulation plain = in(TaskBasisKind::identity);
    for (TaskBasisKind basis : {TaskBasisKind::coupled, TaskBasisKind::haar}) {
      INFO(name_of(optimizer) << " " << name_of(basis));
      const Simulation turned = in(basis);
      if (optimizer == OptimizerKind::signgd || optimizer == OptimizerKind::adam)
        CHECK(std::abs(turned.result.gap - plain.result.gap) > 0.01 * plain.result.gap);
      else
        require_same(turned, plain, 1e-7);
    }
  }
}

TEST_CASE("momentum and its distance from the polar factor do not see the basis") {
  const auto in = [](TaskBasisKind basis) {
    return run(orthogonal(OptimizerKind::muon, [&](Trial& t) {
      t.representation = Representation::dense;
      t.task_basis = basis;
      t.momentum = 0.7;
      t.orthogonalizer = Orthogonalizer::regularized;
      t.lambda = 0.01;
    }));
  };
  const Simulation plain = in(TaskBasisKind::identity);
  CHECK(plain.result.polar_distance > 0.01);
  for (TaskBasisKind basis : {TaskBasisKind::coupled, TaskBasisKind::haar}) require_same(in(basis), plain, 1e-7);
}

TEST_CASE("Newton-Schulz makes nothing of the direction that all outputs share") {
  // many steps blow rounding up to a singular value near 1
  for (Representation representation : {Representation::reduced, Representation::dense}) {
    const Simulation found = run(orthogonal(OptimizerKind::muon, [&](Trial& t) {
      t.alpha = 0;
      t.steps = 1;
      t.representation = representation;
      t.orthogonalizer = Orthogonalizer::newton_schulz;
      t.ns_coefficients = NewtonSchulzSet::jordan;
      t.ns_steps = 40;
    }));
    CHECK(found.result.update.smallest < 1e-13);
    CHECK(found.result.update.effective_rank == Approx(29).epsilon(1e-9));
  }
}

TEST_CASE("an orthogonal trial that takes too long fails") {
  Workspace workspace;
  TrialControl control;
  control.timeout = 0.05;
  const auto record = run_trial(orthogonal(OptimizerKind::muon,
                                           [](Trial& t) {
                                             t.d = 60;
                                             t.groups = 60;
                                             t.steps = 100'000;
                                             t.label_noise = 0.1;
                                           }),
                                workspace, control);
  REQUIRE(record);
  CHECK(record->result.status == TrialStatus::failed);
  CHECK(record->message == "timed out after 0.05 s (--trial-timeout)");
}

TEST_CASE("one step from zero is what the papers write") {
  // G = p_j ([i = j] - 1 / K) in the layout of the scores
  const Trial trial = orthogonal(OptimizerKind::gd, [](Trial& t) {
    t.steps = 1;
    t.representation = Representation::dense;
  });
  const Simulation gd = run(trial);
  const Vector p = groups_of(trial).item_frequencies();
  const Matrix identity = Matrix::Identity(30, 30);
  const Matrix expected = p.asDiagonal() * (identity - Matrix::Constant(30, 30, 1.0 / 30));
  CHECK((gd.gradient - expected).cwiseAbs().maxCoeff() < 1e-17);
  CHECK((gd.weights - 4 * expected).cwiseAbs().maxCoeff() < 1e-16);
  CHECK(gd.trace.train_loss.front() == Approx(std::log(30)).epsilon(1e-14));
  const auto one = [](Trial& t) {
    t.steps = 1;
    t.representation = Representation::dense;
  };
  CHECK((run(orthogonal(OptimizerKind::muon, one)).update - polar_factor(expected)).cwiseAbs().maxCoeff() < 1e-12);
  CHECK(run(orthogonal(OptimizerKind::tra_signgd, one)).update == Matrix(2 * identity - Matrix::Ones(30, 30)));
  CHECK((run(orthogonal(OptimizerKind::ngd, one)).update - expected / expected.norm()).cwiseAbs().maxCoeff() < 1e-14);
  const Simulation floor = run(orthogonal(OptimizerKind::gd, [](Trial& t) { t.label_noise = 0.3; }));
  CHECK(floor.result.loss == Approx(floor.result.gap + floor.result.loss_floor).epsilon(1e-15));
  CHECK(floor.result.loss_floor > 0.3);
}

TEST_CASE("a million items in a thousand groups run") {
  Trial trial = orthogonal(OptimizerKind::gd, [](Trial& t) {
    t.d = 1'000'000;
    t.groups = 1000;
    t.steps = 2;
    t.eta = 1e6;
    t.spectra_measure = SpectraMeasure::none;
  });
  CHECK(trial.representation == Representation::reduced);
  const Simulation found = run(trial);
  CHECK(found.result.status == TrialStatus::ok);
  CHECK(found.trace.gap.back() < found.trace.train_loss.front());
  CHECK(found.recovery.recovered.size() == 1'000'000);
}

TEST_CASE("traces have the lengths that they should, group losses the rows of longer runs and the last") {
  Workspace workspace;
  std::vector<double> before;
  for (std::int64_t steps : {1, 2, 9, 10, 11, 12, 13, 17}) {
    const Trial trial = orthogonal(OptimizerKind::gd, [&](Trial& t) {
      t.steps = steps;
      t.groups = 15;
    });
    const Simulation found = run(trial, workspace);
    for_each_field(found.trace, [&](const char* name, const std::vector<double>& values) {
      INFO(name << " " << steps);
      CHECK(values.size() == trace_length(name, trial, steps));
    });
    const std::size_t bins = group_bins(trial).size();
    CHECK(bins == 12);  // 1 .. 9, 10 to 11, 12 to 14, 15
    const auto& losses = found.trace.group_loss;
    CHECK(losses.size() == group_loss_steps(steps).size() * bins);
    // mean over groups of equal items, weighted by frequency, is the loss: here of the last row, by single groups
    CHECK(losses[losses.size() - bins] <= losses[losses.size() - 1]);
    for (std::size_t i = 0; i < std::min(before.size(), losses.size()) / bins * bins; ++i)
      if (i < 9 * bins) CHECK((i >= before.size() || before[i] == losses[i]));
    before = losses;
  }
}

TEST_CASE("per-group losses add up to the loss") {
  for (Representation representation : {Representation::reduced, Representation::dense}) {
    const Trial trial = orthogonal(OptimizerKind::muon, [&](Trial& t) { t.representation = representation; });
    const Simulation found = run(trial);
    const ItemGroups groups = groups_of(trial);
    double sum = 0;
    for (std::size_t g = 0; g < 5; ++g)
      sum += groups.p(static_cast<Eigen::Index>(g)) * static_cast<double>(groups.sizes[g]) *
             found.trace.group_loss[found.trace.group_loss.size() - 5 + g];
    CHECK(sum == Approx(found.result.loss).epsilon(1e-12));
  }
}

TEST_CASE("a diverged orthogonal trial is a result") {
  const Simulation found = run(orthogonal(OptimizerKind::gd, [](Trial& t) {
    t.eta = 1e100;
    t.eta_growth = 1e3;
    t.steps = 200;
    t.label_noise = 0.5;
  }));
  CHECK(found.result.status == TrialStatus::diverged);
  CHECK(found.result.diverged_step > 1);
  CHECK(found.result.steps_done == found.result.diverged_step - 1);
  CHECK(found.result.capacity == 0);
  CHECK(std::isnan(found.result.gap));
  CHECK(found.recall.size() == recall_bins(30).size());
}

TEST_CASE("single items and items of their own run with every optimizer") {
  for (OptimizerKind optimizer : all_optimizers)
    for (std::int64_t d : {1, 2, 3}) {
      const Simulation found = run(orthogonal(optimizer, [&](Trial& t) {
        t.d = d;
        t.groups = 0;
        t.alpha = 1;
      }));
      INFO(name_of(optimizer) << " " << d);
      CHECK(found.result.status == TrialStatus::ok);
      CHECK(found.result.max_probability <= 1);
      CHECK(found.result.capacity == d);
    }
}

TEST_CASE("an interrupted orthogonal trial goes on to the same bits") {
  for (Representation representation : {Representation::reduced, Representation::dense})
    for (OptimizerKind optimizer : {OptimizerKind::muon, OptimizerKind::adam}) {
      const Trial trial = orthogonal(optimizer, [&](Trial& t) {
        t.representation = representation;
        t.momentum = 0.5;
      });
      Workspace workspace;
      const Record whole = run_trial(trial, workspace);
      MemoryCheckpoints checkpoints;
      int asked = 0;
      TrialControl control;
      control.checkpoints = &checkpoints;
      control.interrupted = [&] { return ++asked % 4 == 0; };
      std::optional<Record> pieced;
      int pieces = 0;
      while (!pieced && pieces < 20) {
        pieced = run_trial(trial, workspace, control);
        ++pieces;
      }
      REQUIRE(pieced);
      CHECK(pieces > 3);
      CHECK(same(*pieced, whole));
    }
}
