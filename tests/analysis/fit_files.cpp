#include "memscale/analysis/fit_files.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/planted.hpp"
#include "catch.hpp"
#include "memscale/analysis/fit_tables.hpp"

using namespace memscale;

namespace {

nlohmann::json json_of(const Analysis& analysis) {
  return nlohmann::json::parse(fit_json(analysis, FitTables(analysis)));
}

FitSource one_store() {
  return {{{"fig2.h5", "0.1.0", "[grid]\nd = 64\n", "memscale run"}}};
}

}  // namespace

TEST_CASE("fit.json holds the numbers of the fit in full precision, row by row as fits.csv") {
  const Analysis analysis = analyse(planted({.noise = 0.2}), one_store());
  const nlohmann::json json = json_of(analysis);
  REQUIRE(json.at("fits").size() == analysis.rows.size());
  for (std::size_t i = 0; i < analysis.rows.size(); ++i) {
    const LawRow& row = analysis.rows[i];
    const auto& entry = json["fits"][i];
    CHECK(entry.at("key") == row.key);
    CHECK(entry.at("parameter") == row.parameter);
    CHECK(entry.at("value").get<double>() == row.value.value);
    CHECK(entry.at("high").get<double>() == row.value.high);
    CHECK(entry.at("points").get<std::int64_t>() == row.goodness.points);
    CHECK(entry.at("verdict") == std::string(name_of(row.value.verdict)));
  }
  const Cell& cell = analysis.data.families[0].series[0].cells[0];
  const auto& first = json.at("cells").at(0);
  CHECK(json["cells"].size() == 16);
  CHECK(first.at("mean_capacity").get<double>() == cell.mean_capacity);
  CHECK(first.at("seeds") == 4);
  CHECK(first.at("mean_loss").is_null());
  CHECK(json["methods"].at(0).at("parameters").at("optimizer") == "muon");
  CHECK(json["methods"][0]["parameters"].at("batch") == "inf");
  CHECK_FALSE(json["methods"][0]["parameters"].contains("d"));
  CHECK(json["counts"]["finished"] == 64);
  CHECK(json["seeds"] == "1-4");
  CHECK(json["stores"].at(0).at("job_text") == "[grid]\nd = 64\n");
  CHECK(json["options"].at("min_seeds") == 2);
  CHECK(json["verdict_rule"] == std::string(verdict_rule));
  CHECK(json["cost"]["share_gradient"].get<double>() == Approx(0.3));
}

TEST_CASE("local slopes end with what they tend to at infinite d") {
  const Analysis analysis = analyse(planted({.alpha = {1.5}}));
  const nlohmann::json slopes = json_of(analysis).at("local_slopes");
  REQUIRE(slopes.size() == 4);
  CHECK(slopes[0].at("d_low") == 64);
  CHECK(slopes[0].at("d_high") == 128);
  CHECK(slopes[3].at("d_low") == "inf");
  CHECK(slopes[3].at("slope").get<double>() == analysis.laws.scaling.families[0].exponents[0].extrapolated->value);
}

TEST_CASE("JSON has null where there is no number, and lists that are empty") {
  const nlohmann::json json = json_of(analyse(planted({.seeds = 1, .d = {64}, .alpha = {1.5}})));
  CHECK(json["fits"].empty());
  CHECK(json["local_slopes"].empty());
  CHECK(json["cells"].at(0).at("standard_error").is_null());
  CHECK_FALSE(json["notes"].empty());
}

TEST_CASE("texts that are no UTF-8 still make valid JSON") {
  const nlohmann::json json = json_of(analyse(planted({}), {{{"s.h5", "0.1.0", "bad \xff byte", ""}}}));
  CHECK(json["stores"][0]["job_text"] == "bad \xEF\xBF\xBD byte");
}

TEST_CASE("seeds are told as ranges over all cells") {
  std::vector<Record> records = planted({.seeds = 3});
  records.push_back(planted_record(planted_trial(OptimizerKind::muon, 64, 1.25, 7), 10));
  records.push_back(planted_record(planted_trial(OptimizerKind::muon, 64, 1.5, 8), 10));
  CHECK(analyse(records).seeds_text() == "1-3, 7-8");
}
