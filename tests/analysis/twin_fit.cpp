#include "memscale/analysis/twin_fit.hpp"

#include "analysis/planted_orthogonal.hpp"
#include "catch.hpp"
#include "memscale/analysis/orthogonal_laws.hpp"

using namespace memscale;

namespace {

Record decay(OptimizerKind optimizer, double eta, double factor, double noise = 0, std::int64_t steps = 300) {
  Trial trial = orthogonal_trial(optimizer, steps, eta);
  trial.label_noise = noise;
  const double rate = optimizer == OptimizerKind::muon ? eta : 2 * eta;
  return orthogonal_record(trial, [=](std::int64_t, double t) { return 1000 * factor * std::exp(-rate * t); });
}

TwinFits fit_of(const std::vector<Record>& records) {
  return planted_laws(records).twins;
}

}  // namespace

TEST_CASE("tra-signgd beside muon at twice its eta: the largest log ratio, over all etas") {
  const TwinFits found = fit_of({decay(OptimizerKind::muon, 0.2, 1), decay(OptimizerKind::tra_signgd, 0.1, 1.25),
                                 decay(OptimizerKind::muon, 0.02, 1), decay(OptimizerKind::tra_signgd, 0.01, 1.1)});
  REQUIRE(found.fits.size() == 1);
  CHECK(found.fits[0].largest == Approx(std::log(1.25)).epsilon(1e-9));
  CHECK(found.fits[0].label == "tra-signgd");
  CHECK(found.fits[0].steps > 60);
}

TEST_CASE("only pairs of the same setting are compared, as far as their losses are above rounding") {
  CHECK(fit_of({decay(OptimizerKind::muon, 0.1, 1), decay(OptimizerKind::tra_signgd, 0.1, 1)}).fits.empty());
  CHECK(fit_of({decay(OptimizerKind::muon, 0.2, 1), decay(OptimizerKind::tra_signgd, 0.1, 1, 0.1)}).fits.empty());
  const TwinFits tiny = fit_of({decay(OptimizerKind::muon, 0.2, 1e-16), decay(OptimizerKind::tra_signgd, 0.1, 1e-16)});
  CHECK(tiny.fits.empty());
  CHECK(tiny.notes.size() == 1);
  const TwinFits one_step =
      fit_of({decay(OptimizerKind::muon, 0.2, 1, 0, 1), decay(OptimizerKind::tra_signgd, 0.1, 2, 0, 1)});
  CHECK(one_step.fits.at(0).largest == Approx(std::log(2.0)));
  CHECK(one_step.fits.at(0).steps == 1);
}

TEST_CASE("with label noise what alternates about the minimum is not compared") {
  Record muon = decay(OptimizerKind::muon, 0.2, 1, 0.1), tra = decay(OptimizerKind::tra_signgd, 0.1, 1, 0.1);
  for (double& gap : tra.trace.gap)
    if (gap < 0.04) gap *= 3;
  CHECK(fit_of({muon, tra}).fits.at(0).largest < 1e-9);
}
