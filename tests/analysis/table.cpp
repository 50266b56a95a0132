#include "memscale/analysis/table.hpp"

#include <limits>
#include <sstream>

#include "analysis/planted.hpp"
#include "catch.hpp"

using namespace memscale;

TEST_CASE("numbers that are none are n/a, and a zero has no sign") {
  CHECK(fixed_text(1.23456, 3) == "1.235");
  CHECK(fixed_text(-0.0001, 3) == "0.000");
  CHECK(fixed_text(-0.5, 1) == "-0.5");
  CHECK(fixed_text(std::numeric_limits<double>::quiet_NaN(), 3) == "n/a");
  CHECK(interval_text({1, 0.5, 1.5, 0.2}) == "[0.500, 1.500]");
  CHECK(interval_text(Estimate{1}) == "n/a");
}

TEST_CASE("columns are aligned") {
  const Table table{{"name", "x"}, {{"a", "1.5"}, {"longer", "10.25"}}, {false, true}};
  CHECK(plain_text(table) ==
        "name        x\n"
        "a         1.5\n"
        "longer  10.25\n");
}

TEST_CASE("steps have a table for each series: all of few, twenty of many") {
  std::vector<Record> records;
  for (std::int64_t d : {64, 128})
    for (double alpha : {1.5, 2.0}) {
      Trial trial = planted_trial(OptimizerKind::muon, d, alpha, 1);
      trial.steps = 3;
      records.push_back(planted_steps(trial, {10, 20, static_cast<double>(d)}));
    }
  records.push_back(planted_record(planted_trial(OptimizerKind::gd, 64, 1.5, 1), 5));  // one step: no table
  std::vector<StepTable> tables = step_tables(aggregate(records));
  REQUIRE(tables.size() == 2);
  CHECK(tables[0].series == "muon steps=3 alpha=1.5");
  CHECK(plain_text(tables[0].table) ==
        "step  d=64  d=128\n"
        "   1  10.0   10.0\n"
        "   2  20.0   20.0\n"
        "   3  64.0  128.0\n");
  const Aggregate data = aggregate(records);
  CHECK(terminal_text(data, fit_scaling(data)).find("after each step: muon steps=3 alpha=2\nstep ") !=
        std::string::npos);

  Trial trial = planted_trial(OptimizerKind::muon, 64, 1.5, 1);
  for (std::int64_t steps : {19, 20, 21, 24, 500, 100000}) {
    trial.steps = steps;
    std::vector<double> capacities(static_cast<std::size_t>(steps), 1.0);
    const Table table = step_tables(aggregate({planted_steps(trial, capacities)})).at(0).table;
    CHECK(table.rows.size() == static_cast<std::size_t>(std::min<std::int64_t>(steps, 20)));
    CHECK(table.rows.front().at(0) == "1");
    CHECK(table.rows.back().at(0) == std::to_string(steps));
    for (std::size_t i = 1; i < table.rows.size(); ++i)
      CHECK(std::stoll(table.rows[i - 1].at(0)) < std::stoll(table.rows[i].at(0)));
  }
}

TEST_CASE("a d whose trials all ended earlier has a dash behind") {
  Trial trial = planted_trial(OptimizerKind::muon, 64, 1.5, 1), larger = trial;
  trial.steps = larger.steps = 3;
  larger.d = 128;
  const auto tables = step_tables(aggregate({planted_steps(trial, {1, 2}), planted_steps(larger, {1, 2, 3})}));
  REQUIRE(tables.size() == 1);
  CHECK(tables[0].table.rows.at(2) == std::vector<std::string>{"3", "-", "3.0"});
}

TEST_CASE("the terminal shows exponents, laws, theory and notes within 100 columns, and no nan") {
  std::mt19937_64 engine(1);
  std::vector<Record> records;
  plant({.optimizer = OptimizerKind::gd, .c1 = 0, .factor = 50, .noise = 0.1}, engine, records);
  plant({.noise = 0.1, .seeds = 1}, engine, records);
  for (Record& record : records)
    if (record.trial.optimizer == OptimizerKind::muon) {
      record.trial.orthogonalizer = Orthogonalizer::newton_schulz;
      record.trial.ns_coefficients = NewtonSchulzSet::polar_express;
      record.trial.ns_steps = 12;
      record.trial.ns_lower = 0.001;
    }
  const Aggregate data = aggregate(records);
  const std::string text = terminal_text(data, fit_scaling(data));
  CHECK(text.find("gd ") != std::string::npos);
  CHECK(text.find("0.333") != std::string::npos);  // theory of gd at alpha = 1.5
  CHECK(text.find("C = c1 + c2 / alpha") != std::string::npos);
  CHECK(text.find("4 (64-512)") != std::string::npos);
  CHECK(text.find("note: muon newton-schulz polar-express 12: no interval") != std::string::npos);
  CHECK(text.find("nan") == std::string::npos);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with("note:")) CHECK(line.size() <= 100);
}
