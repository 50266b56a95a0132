#include "memscale/analysis/training_fit.hpp"

#include <algorithm>

#include "analysis/planted_orthogonal.hpp"
#include "catch.hpp"
#include "memscale/analysis/orthogonal_laws.hpp"

using namespace memscale;

namespace {

TrainingFits fit_of(const std::vector<Record>& records) {
  return planted_laws(records).trainings;
}

/// log K at first, then what is planted.
Record power(double exponent, std::int64_t steps = 100000, double eta = 100) {
  const Trial trial = orthogonal_trial(OptimizerKind::gd, steps, eta);
  const ItemGroups groups = groups_of(canonical(trial));
  return orthogonal_record(trial, [=](std::int64_t group, double t) {
    const double scale = group == 0 ? 1000 : 1 / groups.p[group - 1];
    return std::min(std::log(1000.0), scale * std::pow(eta * t, exponent));
  });
}

Record exponential(OptimizerKind optimizer, double rate, std::int64_t steps = 500) {
  return orthogonal_record(orthogonal_trial(optimizer, steps, 0.1), [=](std::int64_t group, double t) {
    return std::log1p((1000 + static_cast<double>(group)) * std::exp(-rate * 0.1 * t));
  });
}

}  // namespace

TEST_CASE("gd's loss as a power of eta t: slope and amplitude of all items and of each group") {
  const TrainingFits found = fit_of({power(-1)});
  REQUIRE(found.fits.size() == 1);
  const TrainingFit& fit = found.fits[0];
  CHECK(fit.label == "gd");
  REQUIRE(fit.fits.size() == 11);  // ten groups, each in a bin of its own
  for (const DecayFit& one : fit.fits) {
    CHECK(one.slope.value == Approx(-1).epsilon(1e-9));
    CHECK(one.slope.verdict == Verdict::consistent);
    CHECK(one.amplitude.value == Approx(1).epsilon(1e-9));
    CHECK(*one.amplitude.theory == Approx(0.999));
    CHECK(one.amplitude.verdict == Verdict::none);
  }
  CHECK(fit.fits[3].group == 3);
  CHECK(std::isnan(fit.spread));
  CHECK(fit_of({power(-0.8)}).fits.at(0).fits.at(0).slope.verdict == Verdict::not_consistent);
}

TEST_CASE("muon's and tra-signgd's loss decay exponentially, at rates 1 and 2") {
  const TrainingFits found =
      fit_of({exponential(OptimizerKind::muon, 1), exponential(OptimizerKind::tra_signgd, 2, 200)});
  REQUIRE(found.fits.size() == 2);
  for (const TrainingFit& fit : found.fits) {
    const double rate = fit.run->trial.optimizer == OptimizerKind::muon ? 1 : 2;
    CHECK(fit.rate == rate);
    REQUIRE(fit.fits.size() == 11);
    CHECK(fit.fits[0].slope.value == Approx(rate).epsilon(1e-3));
    CHECK(*fit.fits[0].slope.theory == rate);
    CHECK(fit.fits[0].amplitude.value == Approx(1).epsilon(1e-3));
    CHECK(fit.fits[5].amplitude.value == Approx(1.005).epsilon(1e-3));
    CHECK(fit.spread == Approx(std::log(1010.0 / 1001)).epsilon(1e-2));
  }
  const TrainingFit off = fit_of({exponential(OptimizerKind::muon, 0.9)}).fits.at(0);
  CHECK(off.fits[0].slope.verdict == Verdict::not_consistent);
  CHECK(fit_of({exponential(OptimizerKind::muon, 1.005)}).fits.at(0).fits[0].slope.verdict == Verdict::finite_size);
}

TEST_CASE("a training that gives no law is told, whatever it lacks") {
  for (const Record& record : {power(-1, 3), exponential(OptimizerKind::muon, 1, 2),
                               exponential(OptimizerKind::muon, 1e-3), exponential(OptimizerKind::muon, 1e3)}) {
    const TrainingFits found = fit_of({record});
    CHECK(found.fits.empty());
    REQUIRE(found.notes.size() == 1);
    CHECK(found.notes[0].find("no law of the loss against eta t") != std::string::npos);
  }
  Trial one = orthogonal_trial(OptimizerKind::gd, 100, 1);
  one.d = one.groups = 1;  // log K = 0
  CHECK(fit_of({orthogonal_record(one, [](std::int64_t, double) { return 0.0; })}).fits.empty());
}

TEST_CASE("no law of the loss with label noise, of one step, at a growing eta, of a diverged trial") {
  Record noisy = power(-1), growing = power(-1), diverged = power(-1);
  noisy.trial.label_noise = 0.1;
  growing.trial.eta_growth = 1.1;
  diverged.result.status = TrialStatus::diverged;
  for (const Record& record : {noisy, growing, diverged, power(-1, 1)}) {
    const TrainingFits found = fit_of({record});
    CHECK(found.fits.empty());
    CHECK(found.notes.empty());
  }
}

TEST_CASE("one group, traces that are missing or not finite") {
  Trial trial = orthogonal_trial(OptimizerKind::muon, 500, 0.1);
  trial.groups = 1;
  const auto loss = [](std::int64_t, double t) { return 1000 * std::exp(-0.1 * t); };
  const TrainingFit fit = fit_of({orthogonal_record(trial, loss)}).fits.at(0);
  CHECK(fit.fits.size() == 2);
  CHECK(std::isnan(fit.spread));
  Record bare = exponential(OptimizerKind::muon, 1);
  bare.trace.group_loss.clear();
  CHECK(fit_of({bare}).fits.at(0).fits.size() == 1);
  bare.trace.gap.clear();
  CHECK(fit_of({bare}).fits.empty());
  Record broken = exponential(OptimizerKind::muon, 1);
  for (std::size_t i = 0; i < broken.trace.gap.size(); i += 2)
    broken.trace.gap[i] = std::numeric_limits<double>::quiet_NaN();
  CHECK(fit_of({broken}).fits.at(0).fits[0].slope.value == Approx(1).epsilon(1e-3));
}
