#include "memscale/analysis/gap_decay_fit.hpp"

#include "analysis/planted_orthogonal.hpp"
#include "catch.hpp"
#include "memscale/analysis/orthogonal_laws.hpp"

using namespace memscale;

TEST_CASE("gd at a constant eta: the gap falls by 1 - 1/alpha while groups are learned") {
  Trial trial = orthogonal_trial(OptimizerKind::gd, 20000, 1);
  trial.groups = 1000;
  trial.label_noise = 0.1;
  trial.alpha = 2;
  const auto loss = [](std::int64_t, double t) { return std::min(6.0, 6 * std::pow(t, -0.5)); };
  const GapDecayFits found = planted_laws({orthogonal_record(trial, loss, 0.9)}).gap_decays;
  REQUIRE(found.fits.size() == 1);
  CHECK(found.fits[0].exponent.value == Approx(0.5).epsilon(1e-9));
  CHECK(*found.fits[0].exponent.theory == 0.5);
  CHECK(found.fits[0].from > 1);
  trial.steps = 4;
  const GapDecayFits short_one = planted_laws({orthogonal_record(trial, loss, 0.9)}).gap_decays;
  CHECK(short_one.fits.empty());
  CHECK(short_one.notes.size() == 1);
}
