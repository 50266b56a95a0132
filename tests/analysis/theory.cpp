#include "memscale/analysis/theory.hpp"

#include <limits>

#include "analysis/planted.hpp"
#include "catch.hpp"

using namespace memscale;

namespace {

Trial trial_of(OptimizerKind optimizer, double alpha = 1.5) {
  return planted_trial(optimizer, 64, alpha, 1);
}

}  // namespace

TEST_CASE("one population step: gd 1/(2 alpha), muon and newton 1 + 1/(2 alpha)") {
  CHECK(predicted_law(trial_of(OptimizerKind::gd)) == PredictedLaw{0, 0.5});
  CHECK(predicted_law(trial_of(OptimizerKind::muon)) == PredictedLaw{1, 0.5});
  CHECK(predicted_law(trial_of(OptimizerKind::newton)) == PredictedLaw{1, 0.5});
  CHECK(predicted_exponent(trial_of(OptimizerKind::gd, 2)) == 0.25);
  CHECK(predicted_exponent(trial_of(OptimizerKind::muon, 2)) == 1.25);
  CHECK(predicted_exponent(trial_of(OptimizerKind::newton, 1.25)) == 1.4);
}

TEST_CASE("no prediction where no theorem holds") {
  Trial trial = trial_of(OptimizerKind::muon);
  SECTION("kappa") {
    for (OptimizerKind optimizer : {OptimizerKind::gd, OptimizerKind::muon, OptimizerKind::newton}) {
      trial = trial_of(optimizer);
      trial.kappa = 0.5;
      CHECK_FALSE(predicted_law(trial));
    }
  }
  SECTION("minibatch") {
    trial.batch = 1000;
    CHECK_FALSE(predicted_law(trial));
  }
  SECTION("two steps") {
    trial.steps = 2;
    CHECK_FALSE(predicted_law(trial));
  }
  SECTION("newton-schulz") {
    trial.orthogonalizer = Orthogonalizer::newton_schulz;
    trial.ns_coefficients = NewtonSchulzSet::jordan;
    trial.ns_steps = 5;
    CHECK_FALSE(predicted_law(trial));
  }
  SECTION("a large ridge") {
    trial = trial_of(OptimizerKind::newton);
    trial.ridge = 0.1;
    CHECK_FALSE(predicted_law(trial));
  }
  SECTION("alpha at most 1") {
    CHECK_FALSE(predicted_exponent(trial_of(OptimizerKind::gd, 1)));
  }
}

TEST_CASE("regularized muon follows the theorem at the paper's lambda alone") {
  Trial trial = trial_of(OptimizerKind::muon);
  trial.items = 1000;
  trial.orthogonalizer = Orthogonalizer::regularized;
  trial.lambda = std::numeric_limits<double>::quiet_NaN();
  CHECK(predicted_law(canonical(trial)) == PredictedLaw{1, 0.5});
  trial.lambda = 0.25;
  CHECK_FALSE(predicted_law(canonical(trial)));
}
