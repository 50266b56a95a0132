#include "memscale/analysis/imbalance_fit.hpp"

#include "analysis/planted_orthogonal.hpp"
#include "catch.hpp"
#include "memscale/analysis/orthogonal_laws.hpp"

using namespace memscale;

namespace {

Record one_step(OptimizerKind optimizer, double eta, double loss, double imbalance) {
  Record record = orthogonal_record(two_group_trial(optimizer, 1000, eta), [=](std::int64_t, double) { return loss; });
  record.result.imbalance = imbalance;
  return record;
}

ImbalanceRows rows_of(const std::vector<Record>& records) {
  return planted_laws(records).imbalance;
}

}  // namespace

TEST_CASE("imbalance over the etas of one step: the largest, and where the loss is half of log K") {
  const double half = std::log(1000.0) / 2;
  const ImbalanceRows rows =
      rows_of({one_step(OptimizerKind::gd, 4, half - 1, 0.8), one_step(OptimizerKind::gd, 1, half + 1, 0.2),
               one_step(OptimizerKind::gd, 8, 0.1, 0.3)});
  REQUIRE(rows.sweeps.size() == 1);
  CHECK(rows.sweeps[0].label == "gd");
  CHECK(rows.sweeps[0].largest.value == 0.8);
  CHECK(rows.sweeps[0].at_half.value == Approx(0.5));
  CHECK_FALSE(rows.sweeps[0].largest.theory);
  CHECK(rows.sweeps[0].paths.at(0).loss.size() == 4);  // from W = 0 on
  CHECK(rows.notes.empty());
  const ImbalanceRows even =
      rows_of({one_step(OptimizerKind::muon, 1, 4, 0), one_step(OptimizerKind::muon, 2, 3.9, 1e-3)});
  CHECK(*even.sweeps.at(0).largest.theory == 0);
  CHECK(std::isnan(even.sweeps[0].at_half.value));  // never reached
}

TEST_CASE("a single eta is no sweep, which is told; losses that are not finite are passed over") {
  const ImbalanceRows rows = rows_of({one_step(OptimizerKind::gd, 1, 1, 0.5)});
  CHECK(rows.sweeps.empty());
  CHECK(rows.notes.size() == 1);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(rows_of({one_step(OptimizerKind::gd, 1, nan, 0.5), one_step(OptimizerKind::gd, 2, nan, nan)}).sweeps.empty());
}

TEST_CASE("imbalance in a training, of the longest of those that differ in steps") {
  const auto loss = [](std::int64_t, double t) { return 6 * std::exp(-0.1 * t); };
  const ImbalanceRows rows = rows_of({orthogonal_record(orthogonal_trial(OptimizerKind::gd, 50, 1), loss),
                                      orthogonal_record(orthogonal_trial(OptimizerKind::gd, 100, 1), loss)});
  REQUIRE(rows.trainings.size() == 1);
  CHECK(rows.trainings[0].run->trial.steps == 100);
  CHECK(rows.trainings[0].largest.value == Approx(0.4));
  CHECK(rows.trainings[0].at_half.value > 0);
}
