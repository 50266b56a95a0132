#include "memscale/analysis/aggregate.hpp"

#include <cmath>
#include <limits>

#include "analysis/planted.hpp"
#include "catch.hpp"
#include "memscale/analysis/trial_fields.hpp"

using namespace memscale;

namespace {

Trial muon_trial(std::int64_t d, double alpha, std::int64_t seed) {
  return planted_trial(OptimizerKind::muon, d, alpha, seed);
}

Trial regularized_trial(std::int64_t d, double alpha, double lambda) {
  Trial trial = muon_trial(d, alpha, 1);
  trial.items = 1000;
  trial.orthogonalizer = Orthogonalizer::regularized;
  trial.lambda = lambda;
  return canonical(trial);
}

constexpr double automatic = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("a cell holds the seeds of equal trials, with their mean and its standard error") {
  const std::vector<Record> records{planted_record(muon_trial(64, 1.5, 3), 14),
                                    planted_record(muon_trial(64, 1.5, 1), 10),
                                    planted_record(muon_trial(64, 1.5, 2), 12)};
  const Aggregate data = aggregate(records);
  REQUIRE(data.families.size() == 1);
  REQUIRE(data.families[0].series.size() == 1);
  REQUIRE(data.families[0].series[0].cells.size() == 1);
  const Cell& cell = data.families[0].series[0].cells[0];
  CHECK(cell.seeds == std::vector<std::int64_t>{1, 2, 3});
  CHECK(cell.capacities == std::vector<double>{10, 12, 14});
  CHECK(cell.mean_capacity == 12);
  CHECK(cell.standard_error == Approx(2 / std::sqrt(3.0)));  // s = 2, n = 3
  CHECK(cell.mean_accuracy == Approx(0.75));
  CHECK(cell.mean_prefix == Approx(6));
  CHECK(data.finished == 3);
  CHECK(data.notes.empty());
}

TEST_CASE("one seed has no standard error") {
  const Aggregate data = aggregate({planted_record(muon_trial(64, 1.5, 1), 10)});
  CHECK(std::isnan(data.families.at(0).series.at(0).cells.at(0).standard_error));
}

TEST_CASE("d makes cells, alpha makes series, both ascending") {
  const Aggregate data = aggregate({planted_record(muon_trial(128, 2, 1), 1), planted_record(muon_trial(64, 2, 1), 1),
                                    planted_record(muon_trial(64, 1.5, 1), 1)});
  REQUIRE(data.families.size() == 1);
  const Family& family = data.families[0];
  CHECK(family.label == "muon");
  REQUIRE(family.series.size() == 2);
  CHECK(family.series[0].alpha == 1.5);
  REQUIRE(family.series[1].cells.size() == 2);
  CHECK(family.series[1].cells[0].trial.d == 64);
  CHECK(family.series[1].cells[1].trial.d == 128);
  CHECK(series_name(family, family.series[1]) == "muon alpha=2");
  CHECK(cell_name(family, family.series[1].cells[1]) == "muon alpha=2 d=128");
}

TEST_CASE("kappa splits, and the labels of all families then tell it") {
  Trial tilted = muon_trial(64, 1.5, 1);
  tilted.kappa = 1;
  const Aggregate data = aggregate({planted_record(tilted, 1), planted_record(muon_trial(64, 1.5, 1), 1),
                                    planted_record(planted_trial(OptimizerKind::gd, 64, 1.5, 1), 1)});
  REQUIRE(data.families.size() == 3);
  CHECK(data.families[0].label == "gd kappa=0");
  CHECK(data.families[1].label == "muon kappa=0");
  CHECK(data.families[2].label == "muon kappa=1");
  for (const auto& [name, value] : data.common) CHECK(name != "kappa");
}

TEST_CASE("each parameter but d, alpha, seed and what is measured splits") {
  const Trial base = muon_trial(64, 1.5, 1);
  std::vector<Trial> others(8, base);
  others[0].items = 7;
  others[1].batch = 1000;
  others[2].steps = 2;
  others[3].eta = 3;
  others[4].eta_scale = EtaScale::sqrt_d;
  others[5].momentum = 0.9;
  others[6].eta_growth = 2;
  others[7].gradient = GradientKind::thresholded;
  for (const Trial& other : others)
    CHECK(aggregate({planted_record(base, 1), planted_record(other, 1)}).families.size() == 2);
}

TEST_CASE("trials that differ in what is measured alone are one trial, recorded twice") {
  Trial measured = muon_trial(64, 1.5, 1);
  measured.loss_measure = LossMeasure::exact;
  measured.spectra_measure = SpectraMeasure::final;
  const Aggregate data = aggregate({planted_record(muon_trial(64, 1.5, 1), 10), planted_record(measured, 10)});
  REQUIRE(data.families.size() == 1);
  CHECK(data.families[0].label == "muon");
  CHECK(data.finished == 1);
  CHECK(data.notes == std::vector<std::string>{"1 repeated record left out, the first of a trial counts"});
}

TEST_CASE("capacities step by step are means over seeds; a trial that has ended counts as it ended") {
  Trial trial = muon_trial(64, 1.5, 1);
  trial.steps = 4;
  std::vector<Record> records{planted_steps(trial, {10, 20, 30, 40})};
  trial.seed = 2;
  records.push_back(planted_steps(trial, {20, 30}));  // stopped early
  trial.seed = 3;
  records.push_back(planted_steps(trial, {30}));
  records.back().result.status = TrialStatus::diverged;
  records.back().result.capacity = 0;
  const Cell cell = aggregate(records).families.at(0).series.at(0).cells.at(0);
  CHECK(cell.trace.steps == std::vector<std::int64_t>{1, 2, 3, 4});
  const double means[] = {20, 50.0 / 3, 20, 70.0 / 3};
  for (std::size_t k = 0; k < 4; ++k) CHECK(cell.trace.mean_capacity(k) == Approx(means[k]));
  CHECK(cell.trace.mean_capacity(3) == Approx(cell.mean_capacity));
  CHECK(cell.cut_short == 2);
  CHECK(cell.fewest_steps == 1);
}

TEST_CASE("the automatic lambda of regularized muon, another at each d and alpha, does not split") {
  const std::vector<Record> records{planted_record(regularized_trial(64, 1.5, automatic), 1),
                                    planted_record(regularized_trial(128, 1.5, automatic), 2),
                                    planted_record(regularized_trial(64, 2, automatic), 1)};
  REQUIRE(records[0].trial.lambda != records[1].trial.lambda);
  const Aggregate data = aggregate(records);
  REQUIRE(data.families.size() == 1);
  CHECK(data.families[0].label == "muon regularized");
  CHECK(data.families[0].series[0].cells.size() == 2);
}

TEST_CASE("lambdas that were asked for split, from one another and from the automatic one") {
  const Aggregate data = aggregate(
      {planted_record(regularized_trial(64, 1.5, automatic), 1), planted_record(regularized_trial(64, 1.5, 0.25), 1),
       planted_record(regularized_trial(128, 1.5, 0.25), 1), planted_record(regularized_trial(64, 1.5, 0.5), 1)});
  REQUIRE(data.families.size() == 3);
  CHECK(data.families[0].label == "muon regularized lambda=auto");
  CHECK(data.families[1].label == "muon regularized lambda=0.25");
  CHECK(data.families[1].series[0].cells.size() == 2);
  CHECK(data.families[2].label == "muon regularized lambda=0.5");
}

TEST_CASE("Newton-Schulz steps are told by the method's name and sorted as numbers") {
  std::vector<Record> records;
  for (std::int64_t steps : {12, 5, 8}) {
    Trial trial = muon_trial(64, 1.5, 1);
    trial.orthogonalizer = Orthogonalizer::newton_schulz;
    trial.ns_coefficients = NewtonSchulzSet::jordan;
    trial.ns_steps = steps;
    records.push_back(planted_record(trial, 1));
  }
  const Aggregate data = aggregate(records);
  REQUIRE(data.families.size() == 3);
  CHECK(data.families[0].label == "muon newton-schulz jordan 5");
  CHECK(data.families[1].label == "muon newton-schulz jordan 8");
  CHECK(data.families[2].label == "muon newton-schulz jordan 12");
}

TEST_CASE("failed trials are left out, diverged ones count, and both are told") {
  std::vector<Record> records = planted({.seeds = 3, .d = {64}, .alpha = {1.5}});
  records[0].result.status = TrialStatus::failed;
  records[1].result.status = TrialStatus::diverged;
  const Aggregate data = aggregate(records);
  CHECK(data.finished == 2);
  CHECK(data.failed == 1);
  CHECK(data.diverged == 1);
  CHECK(data.families.at(0).series.at(0).cells.at(0).seeds == std::vector<std::int64_t>{2, 3});
  CHECK(data.notes ==
        std::vector<std::string>{"1 failed trial left out", "1 diverged trial counted with the capacity recorded"});
}

TEST_CASE("a cell whose trials all failed is told with its place, one with a finished trial is not") {
  std::vector<Record> records = planted({.seeds = 3, .d = {64, 128, 256}, .alpha = {1.5, 3}});
  for (Record& record : records) {
    const Trial& t = record.trial;
    const bool lost = t.alpha == 3 && t.d >= 128;
    if (lost || (t.d == 64 && t.seed < 3)) record.result.status = TrialStatus::failed;
  }
  std::erase_if(records, [](const Record& r) { return r.trial.alpha == 3 && r.trial.d == 256 && r.trial.seed > 1; });
  const Aggregate data = aggregate(records);
  CHECK(data.notes == std::vector<std::string>{"8 failed trials left out",
                                               "muon alpha=3 d=128: left out, all 3 trials failed",
                                               "muon alpha=3 d=256: left out, its one trial failed"});
}

TEST_CASE("a method whose trials all failed is told, by a name that sets it apart from those that finished") {
  std::vector<Record> records = planted({.seeds = 2, .d = {64}, .alpha = {1.5}});
  for (Record record : planted({.seeds = 2, .d = {64}, .alpha = {1.5}})) {
    record.trial.kappa = 1;
    record.result.status = TrialStatus::failed;
    records.push_back(record);
  }
  const Aggregate data = aggregate(records);
  REQUIRE(data.families.size() == 1);
  CHECK(data.families[0].label == "muon");
  CHECK(data.notes == std::vector<std::string>{"2 failed trials left out",
                                               "muon kappa=1 alpha=1.5 d=64: left out, all 2 trials failed"});
}

TEST_CASE("of a trial recorded twice the first record counts") {
  const Aggregate data =
      aggregate({planted_record(muon_trial(64, 1.5, 1), 10), planted_record(muon_trial(64, 1.5, 1), 99)});
  CHECK(data.finished == 1);
  CHECK(data.families.at(0).series.at(0).cells.at(0).capacities == std::vector<double>{10});
  CHECK(data.notes == std::vector<std::string>{"1 repeated record left out, the first of a trial counts"});
}

TEST_CASE("no records make no families") {
  CHECK(aggregate({}).families.empty());
}
