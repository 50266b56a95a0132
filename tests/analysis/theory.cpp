#include "memscale/analysis/theory.hpp"

#include <limits>

#include "analysis/planted.hpp"
#include "catch.hpp"
#include "memscale/model/frequencies.hpp"

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

TEST_CASE("ngd's one step is gd's, but for its length") {
  CHECK(predicted_law(trial_of(OptimizerKind::ngd)) == PredictedLaw{0, 0.5});
  CHECK_FALSE(predicted_law(trial_of(OptimizerKind::signgd)));
}

TEST_CASE("several steps: the exponents of theory, which are no law linear in 1/alpha") {
  Trial muon = trial_of(OptimizerKind::muon, 1.5), gd = trial_of(OptimizerKind::gd, 1.5);
  muon.steps = gd.steps = 2;
  CHECK_FALSE(predicted_exponent(gd));    // a constant rate does not reach the frontier
  CHECK_FALSE(predicted_exponent(muon));  // one that the softmax does not see
  muon.eta_scale = EtaScale::sqrt_d;
  gd.eta_growth = 3;
  CHECK_FALSE(predicted_exponent(gd));  // neither does this one, in the limit of large d
  gd.eta_growth = 1;
  gd.eta_growth_scale = EtaScale::sqrt_d;
  CHECK(predicted_exponent(muon) == Approx(2 - 4.0 / 9));  // 2 - (1 - 1/3)^2
  CHECK(predicted_exponent(gd) == Approx(2.0 / 3));        // 2 / (2 alpha)
  CHECK_FALSE(predicted_law(muon));
  muon.steps = 4;
  gd.steps = 5;
  CHECK(predicted_exponent(muon) == Approx(2 - 16.0 / 81));
  CHECK(predicted_exponent(gd) == Approx(2 - 4.0 / 9));  // 1 after 3 steps, then muon's recursion
  SECTION("also of the thresholded gradient, whatever eta") {
    muon.gradient = GradientKind::thresholded;
    muon.eta = 77;
    muon.eta_scale = EtaScale::absolute;
    CHECK(predicted_exponent(muon) == Approx(2 - 16.0 / 81));
  }
  SECTION("not with momentum") {
    muon.momentum = 0.9;
    CHECK_FALSE(predicted_exponent(muon));
  }
  SECTION("not by newton-schulz") {
    muon.orthogonalizer = Orthogonalizer::newton_schulz;
    CHECK_FALSE(predicted_exponent(muon));
  }
  SECTION("not for minibatches, kappa > 0 and alpha <= 1") {
    std::vector<Trial> others(3, muon);
    others[0].batch = 1000;
    others[1].kappa = 1;
    others[2].alpha = 1;
    for (const Trial& other : others) CHECK_FALSE(predicted_exponent(other));
  }
  SECTION("not of adam and signgd") {
    CHECK_FALSE(predicted_exponent([&] {
      Trial adam = trial_of(OptimizerKind::adam);
      adam.steps = 3;
      return adam;
    }()));
  }
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

TEST_CASE("newton follows the theorem up to the paper's ridge 1e-8, not beyond") {
  Trial trial = trial_of(OptimizerKind::newton);
  for (double ridge : {0.0, 1e-9, 1e-8}) {
    trial.ridge = ridge;
    CHECK(predicted_law(trial) == PredictedLaw{1, 0.5});
  }
  for (double ridge : {1.1e-8, 1e-7, 1e-3}) {
    trial.ridge = ridge;
    CHECK_FALSE(predicted_law(trial));
  }
}

TEST_CASE("a ridge is small up to a tenth of d^-alpha") {
  Trial trial = trial_of(OptimizerKind::newton, 2);
  trial.d = 100;  // d^-2 = 1e-4
  trial.ridge = 0.99e-5;
  CHECK(has_small_ridge(trial));
  trial.ridge = 1.01e-5;
  CHECK_FALSE(has_small_ridge(trial));
}

TEST_CASE("p_1 is the frequency of the first item, for few and for countless items") {
  Trial trial = trial_of(OptimizerKind::gd);
  for (double alpha : {0.5, 1.0, 1.25, 2.0, 3.0})
    for (std::int64_t items : {1, 2, 1000, 50000}) {
      trial.alpha = alpha;
      trial.items = items;
      CHECK(first_frequency(trial) == Approx(zipf_frequencies(items, alpha)(0)).epsilon(1e-6));
    }
  trial.alpha = 2;
  trial.items = 1'000'000'000'000;
  CHECK(first_frequency(trial) == Approx(0.6079271).epsilon(1e-6));  // 6 / pi^2
}

TEST_CASE("regularized muon follows the theorem at the paper's lambda alone, where that is below 0.1 p_1") {
  Trial trial = trial_of(OptimizerKind::muon, 3);
  trial.items = 1000;  // p_1 = 1 / zeta(3) = 0.832
  trial.orthogonalizer = Orthogonalizer::regularized;
  const auto at = [&](std::int64_t d, double lambda) {
    Trial other = trial;
    other.d = d;
    other.lambda = lambda;
    return canonical(other);
  };
  constexpr double automatic = std::numeric_limits<double>::quiet_NaN();
  CHECK(predicted_law(at(512, automatic)) == PredictedLaw{1, 0.5});  // (log d)^8 / d^3 = 0.017
  CHECK(predicted_exponent(at(256, automatic)) == Approx(7.0 / 6));  // 0.053
  CHECK_FALSE(predicted_law(at(128, automatic)));                    // 0.146
  CHECK_FALSE(predicted_exponent(at(64, automatic)));                // 0.34
  CHECK(asymptotic_law(at(64, automatic)) == PredictedLaw{1, 0.5});
  CHECK_FALSE(predicted_law(at(512, 0.01)));
  CHECK_FALSE(asymptotic_law(at(512, 0.01)));
}
