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

TEST_CASE("where a table is too wide, its first column stands above the rows that share it") {
  const Table table{{"name", "x"}, {{"a", "1.5"}, {"a", "2"}, {"longer", "10.25"}}, {false, true}};
  CHECK(plain_text(table, 13) == plain_text(table));
  CHECK(plain_text(table, 12) ==
        "    x\n"
        "a\n"
        "  1.5\n"
        "    2\n"
        "longer\n"
        "10.25\n");
}

TEST_CASE("large values have as many digits as say something") {
  CHECK(value_text(1.23456) == "1.235");
  CHECK(value_text(1234.56) == "1234.6");
  CHECK(value_text(123456.7) == "123457");
  CHECK(value_text(1.5e-5) == "0.000");
  CHECK(value_text(2.5e12) == "2.50e+12");
  CHECK(value_text(0) == "0.000");
  CHECK(interval_text({2000, 1500.25, 2500, 300}) == "[1500.2, 2500.0]");
}

TEST_CASE("tables of exponents and laws show value, theory and verdict beside each other") {
  const Coefficient c =
      judge({1.453, 1.44, 1.466, 0.0066}, {1.453, 1.42, 1.48, 0.02}, 4.0 / 3, Estimate{1.33, 1.25, 1.41, 0.04});
  Exponent e;
  e.alpha = 1.5;
  e.c = c;
  e.goodness.points = 4;
  e.goodness.parameters = 2;
  e.goodness.rms = 0.0374;
  e.local = {{64, 128, {1.5}}, {128, 256, {1.4}}};
  e.extrapolated = Estimate{1.31, 1.1, 1.5, 0.1};
  e.d_count = 4, e.d_min = 64, e.d_max = 512, e.seeds_min = 3, e.seeds_max = 8;
  Law law;
  law.c1 = judge({1.1, 0.9, 1.3, 0.1}, {}, 1.0);
  law.alphas = 2;
  const ScalingFit fit{{{"muon", {e}, law, PredictedLaw{1, 0.5}}}, {}};
  const Table exponents = exponent_table(fit);
  CHECK(exponents.header == std::vector<std::string>{"method", "alpha", "C", "theory", "verdict", "z", "95 % interval",
                                                     "fit +-", "rms", "d", "seeds"});
  CHECK(exponents.rows.at(0) == std::vector<std::string>{"muon", "1.5", "1.453", "1.333", "finite-size", "18.1",
                                                         "[1.440, 1.466]", "0.030", "0.037", "4 (64-512)", "3-8"});
  const Table laws = law_table(fit);
  CHECK(laws.rows.at(0) ==
        std::vector<std::string>{"muon", "c1", "1.100", "1.000", "consistent", "1.0", "[0.900, 1.300]", "-", "-", "2"});
  CHECK(laws.rows.at(1).at(4) == "-");  // no theory
  const Table sizes = finite_size_table(fit);
  CHECK(sizes.rows.at(0) == std::vector<std::string>{"muon", "1.5", "1.333", "1.453 [1.440, 1.466]",
                                                     "1.330 [1.250, 1.410]", "1.310 [1.100, 1.500]",
                                                     "64-128: 1.500, 128-256: 1.400"});
}

TEST_CASE("each other law has a table, with columns of d and steps where it has them") {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const Coefficient c = judge({2000, 1500, 2500, 250}, {}, std::nullopt);
  const std::vector<LawRow> rows{{"mean capacity ~ d^C", "capacity-d", "muon", 1.5, none, none, "C", c, {}},
                                 {"two", "capacity-batch", "muon", 1.5, 64, none, "B*", c, {}},
                                 {"two", "capacity-batch", "muon", 1.5, 128, none, "B*", c, {}},
                                 {"three", "loss-steps", "muon", none, none, 4, "rate", c, {}}};
  const std::vector<LawTable> tables = other_law_tables(rows);
  REQUIRE(tables.size() == 2);
  CHECK(tables[0].law == "two");
  CHECK(tables[0].table.rows.size() == 2);
  CHECK(tables[0].table.header.at(2) == "d");
  CHECK(tables[0].table.rows[1].at(2) == "128");
  CHECK(tables[0].table.rows[0].at(3) == "B*");
  CHECK(tables[0].table.rows[0].at(4) == "2000.0");
  CHECK(tables[1].key == "loss-steps");
  CHECK(tables[1].table.header.at(2) == "steps");
  CHECK(tables[1].table.rows[0].at(1) == "-");
  for (const LawTable& law : tables)
    for (const auto& row : law.table.rows) CHECK(row.size() == law.table.header.size());
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
