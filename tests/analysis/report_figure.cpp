#include "memscale/analysis/report_figure.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <sstream>

#include "analysis/planted.hpp"
#include "catch.hpp"

using namespace memscale;

namespace {

std::vector<ReportFigure> figures_of(const std::vector<Record>& records) {
  return make_figures(analyse(records, {}, {.resamples = 100}));
}

std::set<std::string> names_of(const std::vector<ReportFigure>& figures) {
  std::set<std::string> names;
  for (const ReportFigure& figure : figures) names.insert(figure.figure.name);
  return names;
}

const ReportFigure& find(const std::vector<ReportFigure>& figures, const std::string& name) {
  const auto found =
      std::find_if(figures.begin(), figures.end(), [&](const ReportFigure& f) { return f.figure.name == name; });
  REQUIRE(found != figures.end());
  return *found;
}

/// Capacity B^(1/alpha) up to d^(4/3), for 9 batch sizes.
std::vector<Record> with_batches() {
  std::vector<Record> records;
  std::mt19937_64 engine(1);
  for (std::int64_t d : {64, 128, 256})
    for (double batch : {10., 100., 1e3, 3e3, 1e4, 3e4, 1e5, 1e6, std::numeric_limits<double>::infinity()})
      for (int seed = 1; seed <= 4; ++seed) {
        Trial trial = planted_trial(OptimizerKind::muon, d, 1.5, seed);
        trial.batch = batch;
        const double plateau = std::pow(static_cast<double>(d), 4.0 / 3);
        records.push_back(
            planted_record(trial, std::min(plateau, std::pow(batch, 1 / 1.5)) * std::exp(0.05 * normal(engine))));
      }
  return records;
}

std::vector<Record> with_steps(bool loss) {
  std::vector<Record> records;
  std::mt19937_64 engine(1);
  for (std::int64_t d : {64, 128, 256})
    for (int seed = 1; seed <= 3; ++seed) {
      Trial trial = planted_trial(OptimizerKind::muon, d, 1.5, seed);
      trial.steps = 6;
      std::vector<double> capacities;
      for (int t = 1; t <= 6; ++t)
        capacities.push_back(
            std::round(std::pow(static_cast<double>(d), 2 - std::pow(2.0 / 3, t)) * std::exp(0.05 * normal(engine))));
      Record record = planted_steps(trial, capacities);
      if (loss) {
        for (int t = 0; t < 6; ++t) record.trace.train_loss.push_back(t == 0 ? 10 : std::pow(capacities[t - 1], -0.5));
        record.result.loss = std::pow(capacities.back(), -0.5);
      }
      records.push_back(record);
    }
  return records;
}

}  // namespace

TEST_CASE("every figure has a known name, a section, a title and a caption, and data without nan") {
  std::vector<Record> records = with_batches();
  for (const Record& record : with_steps(true)) records.push_back(record);
  for (Record& record : records) {
    record.cost.started = 1.7e9;
    record.recall = {1, 1, 0};
    record.result.update = {2, 0.5, 0.9, 40, 0.1, 3};
  }
  for (const ReportFigure& figure : figures_of(records)) {
    CAPTURE(figure.figure.name);
    CHECK(std::find(figure_names.begin(), figure_names.end(), figure.figure.name) != figure_names.end());
    CHECK_FALSE(figure.section.empty());
    CHECK_FALSE(figure.title.empty());
    CHECK(figure.caption.ends_with("."));
    std::istringstream lines(figure.figure.data);
    for (std::string line; std::getline(lines, line);)
      if (!line.starts_with("#")) CHECK(line.find_first_of("nf") == std::string::npos);  // nan, inf
  }
}

TEST_CASE("one step, four d and alphas: figures of capacity alone") {
  CHECK(names_of(figures_of(planted({.noise = 0.1}))) ==
        std::set<std::string>{"capacity", "exponents", "local-slopes"});
}

TEST_CASE("two methods are compared; two d have no local slopes, one alpha no law to draw") {
  std::vector<Record> records = planted({.noise = 0.1, .d = {64, 128}, .alpha = {1.5}});
  CHECK(names_of(figures_of(records)) == std::set<std::string>{"capacity"});
  for (const Record& record : planted({.optimizer = OptimizerKind::gd, .d = {64, 128}, .alpha = {1.5}}))
    records.push_back(record);
  CHECK(names_of(figures_of(records)) == std::set<std::string>{"capacity", "compare"});
}

TEST_CASE("batch sizes make figures of capacity and of the critical batch size; capacity against d keeps the largest") {
  const auto figures = figures_of(with_batches());
  CHECK(names_of(figures) == std::set<std::string>{"capacity", "local-slopes", "batch", "critical-batch"});
  const ReportFigure& batch = find(figures, "batch");
  CHECK(batch.figure.script.find("'inf'") != std::string::npos);
  CHECK(batch.figure.data.find("critical batch size") != std::string::npos);
  const ReportFigure& capacity = find(figures, "capacity");
  CHECK(capacity.figure.script.find("batch=inf") != std::string::npos);
  CHECK(capacity.figure.script.find("batch=10'") == std::string::npos);
  CHECK(capacity.caption.find("the largest is shown") != std::string::npos);
}

TEST_CASE("steps make figures of training and of exponents after each; losses two more") {
  const auto without = names_of(figures_of(with_steps(false)));
  CHECK(without.contains("steps"));
  CHECK(without.contains("training"));
  CHECK_FALSE(without.contains("loss"));
  CHECK_FALSE(without.contains("loss-items"));
  const auto figures = figures_of(with_steps(true));
  CHECK(names_of(figures).contains("loss"));
  CHECK(names_of(figures).contains("loss-items"));
  CHECK(find(figures, "steps").figure.data.find("theory's e_T") != std::string::npos);
}

TEST_CASE("recall, spectra and schedule come with what was measured") {
  std::vector<Record> records = planted({.d = {64}, .alpha = {1.5}});
  for (Record& record : records) record.recall = {1, 1, 1, 0};
  CHECK(names_of(figures_of(records)).contains("recall"));
  CHECK_FALSE(names_of(figures_of(records)).contains("spectra"));
  for (Record& record : records) record.result.update = {2, 0.5, 0.9, 40, 0.1, 3};
  CHECK(names_of(figures_of(records)).contains("spectra"));
  CHECK_FALSE(names_of(figures_of(records)).contains("schedule"));
  for (Record& record : records) record.cost.started = 1.7e9;
  CHECK(names_of(figures_of(records)).contains("schedule"));
}

TEST_CASE("captions tell what is left out") {
  std::vector<Record> records;
  for (int kappa = 0; kappa < 30; ++kappa)
    for (Record record : planted({.seeds = 1, .d = {64, 128}, .alpha = {1.5}})) {
      record.trial.kappa = kappa;
      records.push_back(record);
    }
  const auto figures = figures_of(records);
  CHECK(find(figures, "capacity").caption.find("Shown are 24 of 30 methods.") != std::string::npos);
  CHECK(find(figures, "compare").caption.find("Shown are 12 of") != std::string::npos);
}
