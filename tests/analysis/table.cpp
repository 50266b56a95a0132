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
