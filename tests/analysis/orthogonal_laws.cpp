#include "memscale/analysis/orthogonal_laws.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <sstream>

#include "analysis/planted.hpp"
#include "analysis/planted_orthogonal.hpp"
#include "catch.hpp"
#include "memscale/analysis/report.hpp"
#include "memscale/analysis/table.hpp"
#include "memscale/analysis/terminal_text.hpp"
#include "memscale/core/error.hpp"
#include "memscale/experiment/ci_targets.hpp"

using namespace memscale;

namespace {

/// Of all laws something.
std::vector<Record> orthogonal_records() {
  std::vector<Record> records;
  const auto decay = [](double rate) {
    return [=](std::int64_t, double t) { return std::log1p(999 * std::exp(-rate * t)); };
  };
  records.push_back(orthogonal_record(orthogonal_trial(OptimizerKind::muon, 300, 0.1), decay(0.1)));
  records.push_back(orthogonal_record(orthogonal_trial(OptimizerKind::tra_signgd, 300, 0.05), decay(0.1)));
  records.push_back(orthogonal_record(orthogonal_trial(OptimizerKind::gd, 10000, 1),
                                      [](std::int64_t, double t) { return std::min(6.9, 1000 / t); }));
  for (std::int64_t steps : {10, 100, 1000}) {
    Trial trial = orthogonal_trial(OptimizerKind::muon, steps, 2);
    trial.eta_scale = EtaScale::log_d_over_steps;
    trial.label_noise = 0.1;
    records.push_back(orthogonal_record(
        trial, [=](std::int64_t, double) { return std::pow(static_cast<double>(steps), -2.0); }, 1));
  }
  for (std::int64_t d : {99, 999})
    for (double eta : {1, 2, 4}) {
      Record record =
          orthogonal_record(two_group_trial(OptimizerKind::gd, d, eta), [=](std::int64_t, double) { return 4 / eta; });
      record.result.rho_0_5 = record.result.rho_0_1 = 1 / static_cast<double>(d);
      record.result.update = {2, 1, 0.5, 9, 0.5, 3};
      records.push_back(record);
    }
  return records;
}

std::set<std::string> keys_of(const Analysis& analysis) {
  std::set<std::string> keys;
  for (const LawRow& row : analysis.rows) keys.insert(row.key);
  return keys;
}

const std::set<std::string> all_keys{
    "loss-power", "loss-exponential", "gap-steps", "gap-steps-local", "tra-signgd-muon",   "rho",
    "rho-d",      "rho-closed-form",  "isotropy",  "imbalance-sweep", "imbalance-training"};

}  // namespace

TEST_CASE("a store of orthogonal memories alone: all laws, their figures, tables and texts") {
  const Analysis analysis = analyse(orthogonal_records());
  CHECK(analysis.data.families.empty());
  CHECK(analysis.data.finished == 12);
  CHECK(keys_of(analysis) == all_keys);
  std::set<std::string> figures;
  for (const ReportFigure& figure : make_figures(analysis)) figures.insert(figure.figure.name);
  for (const char* name : {"group-losses", "gap-steps", "imbalance", "rho"}) CHECK(figures.contains(name));
  const std::string text = terminal_text(analysis), page = report_html(analysis, {});
  CHECK(text.find("12 finished trials, model orthogonal") != std::string::npos);
  CHECK(text.find(std::string("Orthogonal memories: nothing is random")) != std::string::npos);
  CHECK(text.find("mean capacity ~ d^C") == std::string::npos);
  CHECK(page.find("<h1>Orthogonal memories: ") != std::string::npos);
  CHECK(page.find("All mean capacities") == std::string::npos);
  CHECK(analysis.seeds_text().empty());
}

TEST_CASE("a mixed store: capacities as without orthogonal memories, and their laws besides") {
  std::vector<Record> mixed = planted({.noise = 0.05});
  const Analysis gaussian = analyse(mixed);
  for (const Record& record : orthogonal_records()) mixed.push_back(record);
  const Analysis both = analyse(mixed);
  CHECK(both.data.finished == gaussian.data.finished + 12);
  REQUIRE(both.rows.size() > gaussian.rows.size());
  for (std::size_t i = 0; i < gaussian.rows.size(); ++i) {
    CHECK(both.rows[i].method == gaussian.rows[i].method);
    CHECK(both.rows[i].value.value == gaussian.rows[i].value.value);
    CHECK(both.rows[i].value.high == gaussian.rows[i].value.high);
  }
  CHECK(both.seeds_text() == gaussian.seeds_text());
  CHECK(summary_text(both.data).find(", 12 of orthogonal memories") != std::string::npos);
  for (const auto& [name, value] : both.data.common) CHECK(name != "model");
  for (const std::string& key : all_keys) CHECK(keys_of(both).contains(key));
  const Analysis copy = both;
  const auto is_first = [&](const auto& run) { return run.get() == copy.laws.orthogonal.trainings.fits.at(0).run; };
  CHECK(std::any_of(copy.data.orthogonal.begin(), copy.data.orthogonal.end(), is_first));
}

TEST_CASE("failed, diverged and repeated trials are counted and told, and are in no law") {
  std::vector<Record> records = orthogonal_records();
  records.push_back(records.front());
  records[1].result.status = TrialStatus::diverged;
  records[2].result.status = TrialStatus::failed;
  const Analysis analysis = analyse(records);
  CHECK(analysis.data.finished == 11);
  CHECK(analysis.data.diverged == 1);
  CHECK(analysis.data.failed == 1);
  CHECK(analysis.data.orthogonal.size() == 10);
  const std::vector<std::string> notes = analysis.notes();
  for (const char* note : {"1 failed trial left out", "1 diverged trial of orthogonal memories left out of all laws",
                           "1 repeated record left out, the first of a trial counts"})
    CHECK(std::find(notes.begin(), notes.end(), note) != notes.end());
  CHECK_FALSE(keys_of(analysis).contains("tra-signgd-muon"));
  for (Record& record : records) record.result.status = TrialStatus::diverged;
  CHECK(analyse(records).rows.empty());
  for (Record& record : records) record.result.status = TrialStatus::failed;
  CHECK_THROWS_AS(analyse(records), InputError);
}

TEST_CASE("degenerate results crash nothing") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  for (double value : {0.0, nan, infinity, -1.0, 1e-300}) {
    std::vector<Record> records = orthogonal_records();
    for (Record& record : records) {
      for_each_field(record.trace, [&](const char*, std::vector<double>& values) {
        for (double& v : values) v = value;
      });
      for_each_field(record.result, [&]<class T>(std::string_view, T& v) {
        if constexpr (std::is_same_v<T, double>) v = value;
      });
    }
    const Analysis analysis = analyse(records);
    make_figures(analysis);
    CHECK_FALSE(terminal_text(analysis).empty());
    CHECK_FALSE(report_html(analysis, {}).empty());
  }
  for (std::int64_t d : {1, 2}) {
    Trial trial = orthogonal_trial(OptimizerKind::muon, 50, 1);
    trial.d = d;
    trial.groups = 1;
    std::vector<Record> records{orthogonal_record(trial, [](std::int64_t, double t) { return std::exp(-t); })};
    trial.steps = 1;
    records.push_back(orthogonal_record(trial, [](std::int64_t, double) { return 0.0; }));
    CHECK_FALSE(terminal_text(analyse(records)).empty());
  }
}

TEST_CASE("the order of records does not matter") {
  std::vector<Record> records = orthogonal_records();
  const Analysis one = analyse(records);
  std::reverse(records.begin(), records.end());
  const Analysis other = analyse(records);
  CHECK(terminal_text(one) == terminal_text(other));
}

TEST_CASE("a job of orthogonal memories cannot aim at intervals over seeds") {
  const Trial trial = canonical(orthogonal_trial(OptimizerKind::muon, 10, 1));
  CHECK_THROWS_AS(require_attainable(parse_ci_targets("target-ci", "C=0.1"), 10, {trial}), InputError);
}
