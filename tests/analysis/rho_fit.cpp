#include "memscale/analysis/rho_fit.hpp"

#include "analysis/planted_orthogonal.hpp"
#include "catch.hpp"
#include "memscale/analysis/orthogonal_laws.hpp"

using namespace memscale;

namespace {

using RhoOf = std::function<double(double eps, double items)>;

Record with_rho(Trial trial, const RhoOf& rho) {
  Record record = orthogonal_record(trial, [](std::int64_t, double) { return 1.0; });
  const auto items = static_cast<double>(trial.d);
  Result& r = record.result;
  r.rho_0_5 = rho(0.5, items);
  r.rho_0_1 = rho(0.1, items);
  r.rho_0_01 = rho(0.01, items);
  r.rho_0_001 = rho(0.001, items);
  return record;
}

double planted_gd(double eps, double items) {
  const double r = 1.0 / 16;  // as head_share divides the items
  return 1 - eps / (eps + std::pow(1 - eps, r) * std::pow(eps, 1 - r) * std::pow(items - 1, r - 1));
}

RhoFits fit_of(const std::vector<Record>& records) {
  return planted_laws(records).rhos;
}

}  // namespace

TEST_CASE("gd's rho agrees with its closed form, once for all eta, and falls as K^(r - 1)") {
  std::vector<Record> records;
  for (std::int64_t d : {100, 1000, 10000})
    for (double eta : {1, 10, 100}) records.push_back(with_rho(two_group_trial(OptimizerKind::gd, d, eta), planted_gd));
  const RhoFits found = fit_of(records);
  REQUIRE(found.points.size() == 3);
  for (const RhoPoint& point : found.points) CHECK(point.off_closed_form < 1e-9);
  REQUIRE(found.fits.size() == rho_epsilons.size());
  CHECK(found.fits[2].eps == 0.01);
  CHECK(found.fits[2].points.size() == 3);
  CHECK(found.fits[2].exponent.value == Approx(1.0 / 16 - 1).epsilon(0.01));
  CHECK(*found.fits[2].exponent.theory == Approx(1.0 / 16 - 1).epsilon(1e-9));
}

TEST_CASE("the closed form heeds the groups' actual sizes, and which of them is rarer") {
  Trial trial = canonical(two_group_trial(OptimizerKind::gd, 999, 1));
  OrthogonalRun run{trial, {}, {}};
  CHECK(frequency_ratio(run) == Approx(0.2 / 799 / (0.8 / 200)).epsilon(1e-12));
  trial.head_mass = 0.1;
  run.trial = trial;
  CHECK(frequency_ratio(run) == Approx(0.1 / 200 / (0.9 / 799)).epsilon(1e-12));
  CHECK(gd_rho(0.1, 1, 50) == Approx(0.9).epsilon(1e-12));
}

TEST_CASE("muon's rho is compared with 1 - eps, signgd's by its basis, over seeds where there are some") {
  std::vector<Record> records;
  for (std::int64_t d : {300, 3000}) {
    records.push_back(with_rho(two_group_trial(OptimizerKind::muon, d, 1), [](double eps, double) { return 1 - eps; }));
    for (TaskBasisKind basis : {TaskBasisKind::identity, TaskBasisKind::coupled, TaskBasisKind::haar})
      for (std::int64_t seed = 1; seed <= 3; ++seed) {
        Trial trial = two_group_trial(OptimizerKind::signgd, d, 1);
        trial.task_basis = basis;
        trial.seed = seed;
        const double noise = 0.01 * static_cast<double>(seed);
        records.push_back(with_rho(trial, [=](double, double items) { return (1 + noise) * std::pow(items, -0.3); }));
      }
  }
  const RhoFits found = fit_of(records);
  REQUIRE(found.points.size() == 8);
  for (const RhoFit& fit : found.fits) {
    const Trial& t = fit.run->trial;
    const bool coupled = t.task_basis == TaskBasisKind::coupled;
    if (t.optimizer == OptimizerKind::muon) CHECK(*fit.exponent.theory == 0);
    if (t.optimizer == OptimizerKind::signgd) CHECK(fit.exponent.value == Approx(-0.3).epsilon(1e-9));
    if (coupled) CHECK(fit.exponent.theory.has_value() == (fit.eps > 0.05));  // below 1 of the bound eps^-0.7 K^-0.3
    if (t.task_basis == TaskBasisKind::haar) CHECK_FALSE(fit.exponent.theory);
  }
  for (const RhoPoint& point : found.points)
    CHECK(point.rho[0].has_interval() == (point.run->trial.task_basis == TaskBasisKind::haar));
}

TEST_CASE("rho that is not known: some eps, all of them, one K") {
  const auto some = [](double eps, double) { return eps > 0.05 ? 0.3 : std::numeric_limits<double>::quiet_NaN(); };
  const auto none = [](double, double) { return std::numeric_limits<double>::quiet_NaN(); };
  const RhoFits part = fit_of({with_rho(two_group_trial(OptimizerKind::gd, 100, 1), some),
                               with_rho(two_group_trial(OptimizerKind::gd, 1000, 1), some)});
  CHECK(part.fits.size() == 2);
  const RhoFits unknown = fit_of({with_rho(two_group_trial(OptimizerKind::gd, 100, 1), none)});
  CHECK(unknown.points.empty());
  CHECK(unknown.notes.size() == 1);
  const RhoFits one = fit_of({with_rho(two_group_trial(OptimizerKind::gd, 100, 1), planted_gd)});
  CHECK(one.points.size() == 1);
  CHECK(one.fits.empty());
}

TEST_CASE("in the coupled basis a triple of both groups has a fit of its own; a bound holds for all below it") {
  std::vector<Record> records;
  for (std::int64_t d : {300, 990, 3000, 99, 999, 9999}) {
    Trial trial = two_group_trial(OptimizerKind::signgd, d, 1);
    trial.task_basis = TaskBasisKind::coupled;
    const bool straddles = d % 10 == 9;
    records.push_back(with_rho(trial, [=](double, double items) { return std::pow(items, straddles ? -0.7 : -0.36); }));
  }
  const RhoFits found = fit_of(records);
  REQUIRE(found.fits.size() == 2 * rho_epsilons.size());
  CHECK(found.fits[0].label == "signgd");
  CHECK(found.fits[0].exponent.value == Approx(-0.36));
  CHECK(found.fits[0].exponent.verdict == Verdict::consistent);
  CHECK(found.fits[4].label == "signgd (a triple of both groups)");
  CHECK(found.fits[4].exponent.value == Approx(-0.7));
}
