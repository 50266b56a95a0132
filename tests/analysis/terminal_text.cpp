#include "memscale/analysis/terminal_text.hpp"

#include <sstream>

#include "analysis/planted.hpp"
#include "catch.hpp"

using namespace memscale;

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void require_narrow(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with("note:")) {
      CAPTURE(line);
      CHECK(line.size() <= 100);
    }
}

}  // namespace

TEST_CASE("the terminal shows exponents, laws, theory, verdicts and notes within 100 columns, and no nan") {
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
  const std::string text = terminal_text(analyse(records));
  CHECK(contains(text, "gd"));
  CHECK(contains(text, "0.333"));  // theory of gd at alpha = 1.5
  CHECK(contains(text, "C = c1 + c2 / alpha"));
  CHECK(contains(text, "4 (64-512)"));
  CHECK(contains(text, "consistent: theory lies in the 95 % interval"));
  CHECK(contains(text, "note: muon newton-schulz polar-express 12: no interval"));
  CHECK_FALSE(contains(text, "nan"));
  require_narrow(text);
}

TEST_CASE("what all rows of a wide table share stands in its heading") {
  std::vector<Record> records = planted({.noise = 0.1});
  for (Record& record : records) {
    record.trial.orthogonalizer = Orthogonalizer::newton_schulz;
    record.trial.ns_steps = 5;
  }
  const std::string text = terminal_text(analyse(records));
  CHECK(contains(text, "\nmean capacity ~ d^C   (d: 4 (64-512), seeds: 4)\nmethod "));
  require_narrow(text);
}

TEST_CASE("the rule of verdicts is told where there are some, and nothing of intervals where nothing is fitted") {
  std::vector<Record> records = planted({});
  for (Record& record : records) record.trial.kappa = 1;  // theory has nothing to say
  CHECK_FALSE(contains(terminal_text(analyse(records)), "finite-size:"));
  CHECK(contains(terminal_text(analyse(records)), "z: (value - theory)"));
  CHECK_FALSE(contains(terminal_text(analyse(planted({.d = {64}}))), "z: (value - theory)"));
}

TEST_CASE("capacities after each step come below the fits") {
  std::vector<Record> records;
  for (double alpha : {1.5, 2.0}) {
    Trial trial = planted_trial(OptimizerKind::muon, 64, alpha, 1);
    trial.steps = 3;
    records.push_back(planted_steps(trial, {10, 20, 30}));
  }
  CHECK(contains(terminal_text(analyse(records)), "after each step: muon alpha=2\nstep "));
}

TEST_CASE("a table that is too long for a terminal names the file that has the rest") {
  std::vector<double> alphas;
  for (int i = 0; i < 130; ++i) alphas.push_back(1.1 + 0.01 * i);
  const std::string text = terminal_text(analyse(planted({.seeds = 2, .d = {64, 128}, .alpha = alphas})));
  CHECK(contains(text, "and 10 rows more in fits.csv\n"));
}
