#include "memscale/analysis/gap_fit.hpp"

#include "analysis/planted_orthogonal.hpp"
#include "catch.hpp"
#include "memscale/analysis/orthogonal_laws.hpp"

using namespace memscale;

namespace {

Record noisy(OptimizerKind optimizer, std::int64_t steps, double exponent, double alpha = 2) {
  Trial trial = orthogonal_trial(optimizer, steps, 2);
  trial.eta_scale = EtaScale::log_d_over_steps;
  trial.label_noise = 0.1;
  trial.alpha = alpha;
  const double gap = 3 * std::pow(static_cast<double>(steps), -exponent);
  return orthogonal_record(
      trial, [=](std::int64_t, double t) { return t + 1 < static_cast<double>(steps) ? 5 : gap; }, 1);
}

std::vector<Record> sweep(OptimizerKind optimizer, double exponent, double alpha = 2) {
  std::vector<Record> records;
  for (std::int64_t steps : {1000, 10, 100, 30, 300}) records.push_back(noisy(optimizer, steps, exponent, alpha));
  return records;
}

GapFits fit_of(const std::vector<Record>& records) {
  return planted_laws(records).gaps;
}

}  // namespace

TEST_CASE("the gap as a power of T, with its local slopes: theory is 2 for muon and tra-signgd") {
  std::vector<Record> records;
  for (double alpha : {1.5, 2.0})
    for (OptimizerKind optimizer : {OptimizerKind::muon, OptimizerKind::tra_signgd, OptimizerKind::gd})
      for (const Record& record : sweep(optimizer, 2, alpha)) records.push_back(record);
  const GapFits found = fit_of(records);
  REQUIRE(found.fits.size() == 6);
  for (const GapFit& fit : found.fits) {
    CHECK(fit.exponent.value == Approx(2).epsilon(1e-9));
    CHECK(fit.log_factor == Approx(std::log(3.0)).epsilon(1e-9));
    CHECK(fit.points.size() == 5);
    REQUIRE(fit.local.size() == 4);
    CHECK(fit.local[1].from == 30);
    CHECK(fit.local[1].exponent.value == Approx(2).epsilon(1e-9));
    CHECK(fit.exponent.theory.has_value() == (fit.run->trial.optimizer != OptimizerKind::gd));
    CHECK(fit.exponent.verdict == (fit.exponent.theory ? Verdict::consistent : Verdict::none));
  }
  CHECK(fit_of(sweep(OptimizerKind::muon, 1.5)).fits.at(0).exponent.verdict == Verdict::not_consistent);
}

TEST_CASE("two T give a slope without an interval; one T, or no gap, a note") {
  const GapFits two = fit_of({noisy(OptimizerKind::muon, 10, 2), noisy(OptimizerKind::muon, 20, 2)});
  CHECK(two.fits.at(0).exponent.value == Approx(2));
  CHECK_FALSE(two.fits.at(0).exponent.has_interval());
  const GapFits one = fit_of({noisy(OptimizerKind::muon, 10, 2)});
  CHECK(one.fits.empty());
  CHECK(one.notes ==
        std::vector<std::string>{"muon alpha=2 d=1000 steps=10: no law of the loss above its floor against "
                                 "steps, it needs two numbers of steps after which that is positive"});
  std::vector<Record> zero = sweep(OptimizerKind::muon, 2);
  for (Record& record : zero) record.result.gap = record.trace.gap.end()[-2] = 0;
  CHECK(fit_of(zero).fits.empty());
  zero = sweep(OptimizerKind::muon, 2);
  zero[0].result.gap = std::numeric_limits<double>::quiet_NaN();
  CHECK(fit_of(zero).fits.at(0).points.size() == 4);
}

TEST_CASE("the last two steps' mean counts, as signs alternate; a trial that ended early does not") {
  std::vector<Record> records = sweep(OptimizerKind::muon, 2);
  for (Record& record : records) {
    record.trace.gap.end()[-2] *= 1.5;
    record.result.gap *= 0.5;
  }
  CHECK(fit_of(records).fits.at(0).log_factor == Approx(std::log(3.0)).epsilon(1e-9));
  records[0].result.steps_done = 900;
  CHECK(fit_of(records).fits.at(0).points.size() == 4);
}
