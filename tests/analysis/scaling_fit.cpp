#include "memscale/analysis/scaling_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/covers.hpp"
#include "analysis/planted.hpp"
#include "catch.hpp"

using namespace memscale;

namespace {

ScalingFit fit_of(const std::vector<Record>& records) {
  return fit_scaling(aggregate(records));
}

}  // namespace

TEST_CASE("a law without noise is found exactly, its intervals have no width") {
  // Capacities 3 d^(c1 + c2 / alpha) that are whole numbers: no rounding. Left: rounding of logarithms.
  const ScalingFit fit = fit_of(planted({.c1 = 1, .c2 = 4, .factor = 3, .alpha = {2, 4}}));
  const FamilyFit& muon = fit.families.at(0);
  REQUIRE(muon.exponents.size() == 2);
  CHECK(muon.exponents[0].c.value == Approx(3).epsilon(1e-12));
  CHECK(muon.exponents[1].c.value == Approx(2).epsilon(1e-12));
  CHECK(muon.exponents[1].log_factor == Approx(std::log(3.0)).epsilon(1e-12));
  CHECK(muon.exponents[1].goodness.rms < 1e-12);
  CHECK(muon.exponents[1].d_count == 4);
  CHECK(muon.exponents[1].d_min == 64);
  CHECK(muon.exponents[1].d_max == 512);
  CHECK(muon.exponents[1].seeds_min == 4);
  for (const Exponent& e : muon.exponents) {
    CHECK(e.c.low == Approx(e.c.value).epsilon(1e-12));
    CHECK(e.c.high == Approx(e.c.value).epsilon(1e-12));
    CHECK(e.c.standard_error < 1e-12);
  }
  REQUIRE(muon.law);
  CHECK(muon.law->c1.value == Approx(1).epsilon(1e-12));
  CHECK(muon.law->c2.value == Approx(4).epsilon(1e-12));
  CHECK(muon.law->c1.has_interval());
  CHECK(muon.law->alphas == 2);
  CHECK(fit.notes.empty());
}

TEST_CASE("a slope agrees with the textbook formula on three points") {
  std::vector<Record> records;
  for (auto [d, capacity] : {std::pair{64, 10}, std::pair{128, 30}, std::pair{512, 90}})
    records.push_back(planted_record(planted_trial(OptimizerKind::gd, d, 2, 1), capacity));
  // log2 d = 6, 7, 9 with mean 22/3: deviations -4/3, -1/3, 5/3, squares 42/9.
  const double sum = -4 * std::log2(10.0) - std::log2(30.0) + 5 * std::log2(90.0);
  CHECK(fit_of(records).families.at(0).exponents.at(0).c.value == Approx(sum / 3 / (42.0 / 9)).epsilon(1e-12));
}

TEST_CASE("planted laws with noise are found within four standard errors, for three methods at once") {
  // A value outside 4 standard errors has probability 6e-5 for normal errors.
  std::mt19937_64 engine(7);
  std::vector<Record> records;
  plant({.optimizer = OptimizerKind::gd, .c1 = 0, .factor = 50, .noise = 0.1, .seeds = 8}, engine, records);
  plant({.optimizer = OptimizerKind::muon, .noise = 0.1, .seeds = 8}, engine, records);
  plant({.optimizer = OptimizerKind::newton, .c1 = 0.8, .c2 = 0.9, .noise = 0.1, .seeds = 8}, engine, records);
  const ScalingFit fit = fit_of(records);
  REQUIRE(fit.families.size() == 3);
  const double truth[3][2] = {{0, 0.5}, {1, 0.5}, {0.8, 0.9}};
  for (std::size_t i = 0; i < 3; ++i) {
    const FamilyFit& family = fit.families[i];
    INFO(family.label);
    REQUIRE(family.law);
    CHECK(std::abs(family.law->c1.value - truth[i][0]) < 4 * family.law->c1.standard_error);
    CHECK(std::abs(family.law->c2.value - truth[i][1]) < 4 * family.law->c2.standard_error);
    // Var C = sigma^2 / (n Sxx): 0.1 / sqrt(8 * 5 log(2)^2) = 0.0228; a bootstrap of 8 seeds is within a factor 2.
    for (const Exponent& e : family.exponents) {
      CHECK(e.c.standard_error > 0.0228 / 2);
      CHECK(e.c.standard_error < 0.0228 * 2);
      CHECK(std::abs(e.c.value - truth[i][0] - truth[i][1] / e.alpha) < 4 * 0.0228);
    }
  }
}

TEST_CASE("95 % intervals cover the truth in at least 90 of 100 experiments, at 2, 4 and 8 seeds") {
  for (int seeds : {2, 4, 8}) {
    int slope = 0, c1 = 0, c2 = 0;
    for (std::uint64_t experiment = 0; experiment < 100; ++experiment) {
      const ScalingFit fit = fit_of(planted({.factor = 10, .noise = 0.3, .seeds = seeds}, 100 + experiment));
      const FamilyFit& muon = fit.families.at(0);
      slope += covers(muon.exponents.at(1).c, 1 + 0.5 / 1.5);
      c1 += covers(muon.law->c1, 1);
      c2 += covers(muon.law->c2, 0.5);
    }
    INFO("seeds " << seeds << ": slope " << slope << " c1 " << c1 << " c2 " << c2);
    CHECK(slope >= 90);
    CHECK(c1 >= 90);
    CHECK(c2 >= 90);
    CHECK(std::min({slope, c1, c2}) < 100);  // an interval that always covers is too wide to be a 95 % one
  }
}

TEST_CASE("a cell of mean capacity 0 is left out, and told") {
  std::vector<Record> records = planted({.optimizer = OptimizerKind::gd, .c1 = 1, .c2 = 4, .alpha = {2, 4}});
  for (Record& record : records)
    if (record.trial.d == 64 && record.trial.alpha == 4) record.result.capacity = 0;
  const ScalingFit fit = fit_of(records);
  CHECK(fit.notes ==
        std::vector<std::string>{"gd alpha=4 d=64: left out, mean capacity 0",
                                 "gd: alphas cover different d, so c1 and c2 mix the effects of alpha and d"});
  CHECK(fit.families.at(0).exponents.at(1).d_count == 3);
  CHECK(fit.families.at(0).exponents.at(1).d_min == 128);
  CHECK(fit.families.at(0).exponents.at(1).c.value == Approx(2).epsilon(1e-12));
}

TEST_CASE("one d has no exponent, and one alpha no law") {
  const ScalingFit fit = fit_of(planted({.d = {64}, .alpha = {1.5}}));
  CHECK(fit.families.at(0).exponents.empty());
  CHECK_FALSE(fit.families.at(0).law);
  CHECK(fit.notes == std::vector<std::string>{"no exponents C, as all trials have d=64"});
  const ScalingFit one_alpha = fit_of(planted({.alpha = {1.5}}));
  CHECK(one_alpha.families.at(0).exponents.size() == 1);
  CHECK_FALSE(one_alpha.families.at(0).law);
  CHECK(one_alpha.notes == std::vector<std::string>{"no laws C = c1 + c2/alpha, as all trials have alpha=1.5"});
  // A method that lacks what others have is told apart from them.
  std::vector<Record> records = planted({});
  for (const Record& record : planted({.optimizer = OptimizerKind::gd, .factor = 50, .d = {64}}))
    records.push_back(record);
  for (const Record& record : planted({.optimizer = OptimizerKind::newton, .alpha = {1.5}})) records.push_back(record);
  const std::vector<std::string> notes = fit_of(records).notes;
  CHECK(notes.size() == 6);
  CHECK(notes.at(0) == "gd alpha=1.25: no exponent, it needs two usable d and has 1");
  CHECK(notes.at(4) == "gd: no law c1 + c2/alpha, it needs exponents at two alphas and has 0");
  CHECK(notes.at(5) == "newton: no law c1 + c2/alpha, it needs exponents at two alphas and has 1");
}

TEST_CASE("all capacities 0: nothing is fitted, each cell is told") {
  std::vector<Record> records = planted({.d = {64, 128}, .alpha = {1.5}});
  for (Record& record : records) record.result.capacity = 0;
  const ScalingFit fit = fit_of(records);
  CHECK(fit.families.at(0).exponents.empty());
  CHECK(fit.notes.size() == 4);
}

TEST_CASE("one seed: slopes and laws, but no intervals") {
  const ScalingFit fit = fit_of(planted({.c1 = 1, .c2 = 4, .seeds = 1, .alpha = {2, 4}}));
  const FamilyFit& muon = fit.families.at(0);
  CHECK(muon.exponents.at(0).c.value == Approx(3).epsilon(1e-12));
  CHECK_FALSE(muon.exponents.at(0).c.has_interval());
  CHECK(muon.law->c1.value == Approx(1).epsilon(1e-12));
  CHECK_FALSE(muon.law->c1.has_interval());
  CHECK(fit.notes == std::vector<std::string>{"muon: no interval at alpha=2, 4, some d have one seed only"});
}

TEST_CASE("where resamples are often 0 there is no interval rather than a wrong one") {
  std::vector<Record> records = planted({.seeds = 4, .d = {64, 128, 256}, .alpha = {1.5}});
  for (Record& record : records)
    if (record.trial.d == 64 && record.trial.seed > 1) record.result.capacity = 0;  // (3/4)^4: 32 % of the resamples
  const ScalingFit fit = fit_of(records);
  CHECK_FALSE(fit.families.at(0).exponents.at(0).c.has_interval());
  CHECK(std::find(fit.notes.begin(), fit.notes.end(),
                  "muon: no interval at alpha=1.5, the capacity of too many seeds is 0") != fit.notes.end());
}

TEST_CASE("an interval bears up to 5 % of resamples that are 0") {
  // Of n seeds k have a capacity: (1 - k/n)^n of the resamples are 0.
  const auto has_interval = [](int seeds, int nonzero) {
    std::vector<Record> records = planted({.seeds = seeds, .d = {64, 128, 256}, .alpha = {1.5}});
    for (Record& record : records)
      if (record.trial.d == 64 && record.trial.seed > nonzero) record.result.capacity = 0;
    return fit_of(records).families.at(0).exponents.at(0).c.has_interval();
  };
  CHECK(has_interval(8, 3));        // 2.3 %
  CHECK_FALSE(has_interval(8, 2));  // 10 %
}

TEST_CASE("rms is the root mean square of the residuals, over n") {
  // log2 capacity = 4, 8, 7, 11 at log2 d = 6, 7, 8, 9: residuals -0.5, 1.5, -1.5, 0.5 of a line with slope 2.
  std::vector<Record> records;
  for (auto [d, capacity] : {std::pair{64, 16}, std::pair{128, 256}, std::pair{256, 128}, std::pair{512, 2048}})
    records.push_back(planted_record(planted_trial(OptimizerKind::gd, d, 2, 1), capacity));
  const Exponent e = fit_of(records).families.at(0).exponents.at(0);
  CHECK(e.c.value == Approx(2).epsilon(1e-12));
  CHECK(e.goodness.rms == Approx(std::sqrt(5.0 / 4) * std::log(2.0)).epsilon(1e-12));
}

TEST_CASE("newton's ridge that is not small against d^-alpha is told, the prediction stays") {
  std::vector<Record> records = planted({.optimizer = OptimizerKind::newton, .alpha = {2, 3}});
  const ScalingFit fit = fit_of(records);
  CHECK(fit.notes == std::vector<std::string>{"newton alpha=3: ridge 1e-08 is not small against d^-alpha = 7.5e-09 at "
                                              "d=512, which lowers the slope"});
  CHECK(fit.families.at(0).exponents.at(1).c.theory == Approx(7.0 / 6));
  CHECK(fit.families.at(0).theory);
  for (Record& record : records) record.trial.ridge = 7.4e-10;
  CHECK(fit_of(records).notes.empty());
  for (Record& record : records) record.trial.ridge = 0;
  CHECK(fit_of(records).notes.empty());
}

TEST_CASE("regularized muon has no theory where its lambda is not small, at the worst d") {
  const auto regularized = [](const std::vector<std::int64_t>& d, const std::vector<double>& alpha) {
    std::vector<Record> records = planted({.factor = 5, .d = d, .alpha = alpha});
    for (Record& record : records) {
      record.trial.items = 1'000'000;
      record.trial.orthogonalizer = Orthogonalizer::regularized;
      record.trial.lambda = std::numeric_limits<double>::quiet_NaN();
      record.trial = canonical(record.trial);
    }
    return records;
  };
  std::vector<Record> records = regularized({64, 256, 512}, {1.5, 3});
  const ScalingFit fit = fit_of(records);
  const FamilyFit& muon = fit.families.at(0);
  CHECK_FALSE(muon.exponents.at(0).c.theory);
  CHECK_FALSE(muon.exponents.at(1).c.theory);  // for d = 64 alone
  CHECK_FALSE(muon.theory);
  REQUIRE(fit.notes.size() == 3);
  CHECK(fit.notes[0] ==
        "muon regularized alpha=1.5: lambda 2.4 at d=64 is not below the gradient's largest singular value, about "
        "0.38: its step is nearly gd's");
  CHECK(fit.notes[1] ==
        "muon regularized alpha=3: lambda 0.34 at d=64 is not far below the gradient's largest singular value, about "
        "0.83: its step is partly gd's");
  CHECK(fit.notes[2] == "muon regularized: no theory for c1 and c2, as it gives no exponent at alpha=1.5, 3");

  std::erase_if(records, [](const Record& r) { return r.trial.d == 64 || r.trial.alpha < 2; });
  CHECK(fit_of(records).families.at(0).exponents.at(0).c.theory == Approx(7.0 / 6));

  // (log d)^(2 alpha + 2) / d^alpha is small at d = 2 too: the worst is not always the smallest d.
  const ScalingFit rising = fit_of(regularized({2, 64}, {3}));
  CHECK_FALSE(rising.families.at(0).exponents.at(0).c.theory);
  CHECK(rising.notes.at(0).find("lambda 0.34 at d=64") != std::string::npos);
}

TEST_CASE("a law that rests on alphas without a predicted exponent has no theory") {
  const ScalingFit fit = fit_of(planted({.optimizer = OptimizerKind::gd, .factor = 50, .alpha = {0.75, 1, 2}}));
  const FamilyFit& gd = fit.families.at(0);
  CHECK(gd.exponents.at(2).c.theory == 0.25);
  CHECK_FALSE(gd.exponents.at(1).c.theory);
  CHECK_FALSE(gd.theory);
  CHECK(gd.law->alphas == 3);
  CHECK(fit.notes == std::vector<std::string>{"gd: no theory for c1 and c2, as it gives no exponent at alpha=0.75, 1"});
}

TEST_CASE("a method that theory says nothing about gets no note for it") {
  std::vector<Record> records = planted({.alpha = {1, 2}});
  for (Record& record : records) record.trial.kappa = 1;
  const ScalingFit fit = fit_of(records);
  CHECK_FALSE(fit.families.at(0).theory);
  CHECK(fit.notes.empty());
}

TEST_CASE("alphas that cover different d are told") {
  std::vector<Record> records = planted({.alpha = {2, 3}});
  std::erase_if(records, [](const Record& r) { return r.trial.d == 512 && r.trial.alpha == 3; });
  CHECK(fit_of(records).notes ==
        std::vector<std::string>{"muon: alphas cover different d, so c1 and c2 mix the effects of alpha and d"});
}

TEST_CASE("a cell whose capacity reaches all items is left out, and told") {
  std::vector<Record> records = planted({.seeds = 2, .d = {64, 128}, .alpha = {1.5}});
  for (Record& record : records) {
    record.trial.items = 1000;
    record.result.capacity = record.trial.d == 128 ? 1000 : 300;
  }
  const ScalingFit fit = fit_of(records);
  CHECK(fit.notes.at(0) == "muon alpha=1.5 d=128: left out, more than half of 1000 items recovered: 1000.00");
  CHECK(fit.families.at(0).exponents.empty());
}

TEST_CASE("trials that ended before their last step have no theory, and are told") {
  std::vector<Record> records = planted({.factor = 0.05, .seeds = 2, .d = {64, 128}, .alpha = {2}});
  for (Record& record : records) {
    record.trial.steps = 40;
    record.trial.eta_scale = EtaScale::sqrt_d;
    record.result.steps_done = 40;
  }
  const double predicted = 2 - std::pow(0.75, 40);
  CHECK(fit_of(records).families.at(0).exponents.at(0).c.theory == Approx(predicted));
  CHECK(fit_of(records).families.at(0).label == "muon");
  records[0].result.steps_done = 23;
  const ScalingFit fit = fit_of(records);
  CHECK_FALSE(fit.families.at(0).exponents.at(0).c.theory);
  CHECK(fit.notes.at(0) ==
        "muon alpha=2: 1 of 4 trials ended before step 40 (after 23 or more), so theory gives no exponent");
}

TEST_CASE("cells below the limits of the options are left out, and told") {
  std::vector<Record> records = planted({.factor = 0.02, .seeds = 3, .alpha = {2}});  // 3.6 items at d = 64
  records.push_back(planted_record(planted_trial(OptimizerKind::muon, 1024, 2, 1), 100));
  const Aggregate data = aggregate(records);
  const ScalingFit fit = fit_scaling(data, {.min_seeds = 2, .min_capacity = 5});
  CHECK(fit.families.at(0).exponents.at(0).d_min == 128);
  CHECK(fit.families.at(0).exponents.at(0).d_max == 512);
  CHECK(fit.notes.at(0) == "muon alpha=2 d=64: left out, mean capacity below 5 (--min-capacity): 4.00");
  CHECK(fit.notes.at(1) == "muon alpha=2 d=1024: left out, fewer seeds than 2 (--min-seeds): 1");
  CHECK(fit_scaling(data, {.min_seeds = 1}).families.at(0).exponents.at(0).d_count == 5);
}

TEST_CASE("non-finite planted values do not become numbers") {
  std::vector<Record> records = planted({.seeds = 2, .alpha = {1.5, 2}});
  for (Record& record : records) {
    record.result.loss = std::numeric_limits<double>::quiet_NaN();
    record.result.accuracy = std::numeric_limits<double>::infinity();
  }
  const ScalingFit fit = fit_of(records);
  for (const Exponent& e : fit.families.at(0).exponents) CHECK(std::isfinite(e.c.value));
}

TEST_CASE("c1 and c2 are finite-size where all exponents are explained so") {
  std::mt19937_64 engine(3);
  std::vector<Record> records;
  for (std::int64_t d : {64, 128, 256, 512, 1024})
    for (double alpha : {1.25, 1.5, 2.0, 3.0})
      for (std::int64_t seed = 1; seed <= 8; ++seed) {
        const double log_d = std::log(static_cast<double>(d));
        records.push_back(planted_record(
            planted_trial(OptimizerKind::muon, d, alpha, seed),
            50 * std::pow(d, 1 + 0.5 / alpha) * std::pow(log_d, 1 + 1 / alpha) * std::exp(0.01 * normal(engine))));
      }
  const FamilyFit muon = fit_of(records).families.at(0);
  for (const Exponent& e : muon.exponents) CHECK(e.c.verdict == Verdict::finite_size);
  CHECK(muon.law->c1.verdict == Verdict::finite_size);
  CHECK(muon.law->c2.verdict == Verdict::finite_size);
}

TEST_CASE("c2 that is off while all exponents are consistent is not called finite-size") {
  // Alphas share their noise, as embeddings are shared: it hides the exponents' offset of 0.02/alpha, not that of c2.
  std::mt19937_64 engine(1);
  std::vector<Record> records;
  for (std::int64_t d : {64, 128, 256, 512})
    for (std::int64_t seed = 1; seed <= 8; ++seed) {
      const double shared = std::exp(0.15 * normal(engine));
      for (double alpha : {1.25, 1.5, 2.0, 3.0})
        records.push_back(planted_record(planted_trial(OptimizerKind::muon, d, alpha, seed),
                                         1e5 * std::pow(d, 1 + 0.52 / alpha) * shared));
    }
  const FamilyFit muon = fit_of(records).families.at(0);
  for (const Exponent& e : muon.exponents) CHECK(e.c.verdict == Verdict::consistent);
  CHECK(muon.law->c2.value == Approx(0.52).epsilon(1e-3));
  CHECK(muon.law->c2.verdict == Verdict::not_consistent);
}

TEST_CASE("no families, no fits") {
  const ScalingFit fit = fit_of({});
  CHECK(fit.families.empty());
  CHECK(fit.notes.empty());
}
