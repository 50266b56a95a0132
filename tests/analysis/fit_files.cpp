#include "memscale/analysis/fit_files.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "analysis/planted.hpp"
#include "catch.hpp"
#include "memscale/core/text.hpp"

using namespace memscale;

namespace {

using Row = std::map<std::string, std::string>;

/// Rows by column name; these files quote nothing.
std::vector<Row> parse_csv(const std::string& text) {
  const auto split = [](const std::string& line) {
    std::vector<std::string> values;
    std::istringstream in(line + ",");
    for (std::string value; std::getline(in, value, ',');) values.push_back(value);
    return values;
  };
  std::istringstream in(text);
  std::string line;
  std::getline(in, line);
  const auto header = split(line);
  std::vector<Row> rows;
  while (std::getline(in, line)) {
    const auto values = split(line);
    REQUIRE(values.size() == header.size());
    Row row;
    for (std::size_t i = 0; i < header.size(); ++i) row[header[i]] = values[i];
    rows.push_back(row);
  }
  return rows;
}

struct Files {
  Aggregate data;
  ScalingFit fit;
  CostSummary cost;

  explicit Files(const std::vector<Record>& records)
      : data(aggregate(records)), fit(fit_scaling(data)), cost(summarise_cost(records)) {}
  nlohmann::json json(const FitSource& source = {"fig2.h5", "0.1.0", "[grid]\nd = 64\n", "memscale run"}) const {
    return nlohmann::json::parse(fit_json(data, fit, cost, source));
  }
};

}  // namespace

TEST_CASE("CSV and JSON hold the same numbers as the fit, in full precision") {
  const Files files(planted({.noise = 0.2}));
  const nlohmann::json json = files.json();
  const auto cells = parse_csv(cells_csv(files.data));
  const auto exponents = parse_csv(exponents_csv(files.fit));
  const auto laws = parse_csv(laws_csv(files.fit));
  REQUIRE(cells.size() == 16);
  REQUIRE(exponents.size() == 4);
  REQUIRE(laws.size() == 1);
  const auto& family = json.at("families").at(0);
  REQUIRE(family.at("cells").size() == 16);
  for (std::size_t i = 0; i < 16; ++i) {
    const auto& cell = family["cells"][i];
    CHECK(parse_double("mean", cells[i].at("mean_capacity")) == cell.at("mean_capacity").get<double>());
    CHECK(parse_double("error", cells[i].at("standard_error")) == cell.at("standard_error").get<double>());
    CHECK(parse_integer("d", cells[i].at("d")) == cell.at("trial").at("d").get<std::int64_t>());
    CHECK(cells[i].at("optimizer") == "muon");
    CHECK(cells[i].at("batch") == "inf");
    CHECK(cell.at("trial").at("batch") == "inf");
    CHECK(cells[i].at("seeds") == "4");
    CHECK(cell.at("capacities").size() == 4);
  }
  for (std::size_t a = 0; a < 4; ++a) {
    const Estimate& c = files.fit.families[0].exponents[a].c;
    CHECK(parse_double("C", exponents[a].at("C")) == c.value);
    CHECK(parse_double("low", exponents[a].at("low")) == c.low);
    CHECK(family["exponents"][a]["C"]["high"].get<double>() == c.high);
    CHECK(parse_double("theory", exponents[a].at("theory")) == family["exponents"][a]["theory"].get<double>());
  }
  CHECK(parse_double("c1", laws[0].at("c1")) == family["law"]["c1"]["value"].get<double>());
  CHECK(parse_double("c2", laws[0].at("c2_high")) == files.fit.families[0].law->c2.high);
  CHECK(family["theory"]["c1"] == 1.0);
  CHECK(json["counts"]["finished"] == 64);
  CHECK(json["provenance"]["job_text"] == "[grid]\nd = 64\n");
  CHECK(json["cost"]["share_gradient"].get<double>() == Approx(0.3));
}

TEST_CASE("where there is no number, CSV has an empty field and JSON null") {
  const Files files(planted({.seeds = 1, .alpha = {1.5}}));
  CHECK(parse_csv(cells_csv(files.data)).at(0).at("standard_error").empty());
  const auto exponents = parse_csv(exponents_csv(files.fit));
  CHECK(exponents.at(0).at("low").empty());
  CHECK_FALSE(exponents.at(0).at("C").empty());
  CHECK(parse_csv(laws_csv(files.fit)).empty());
  const nlohmann::json json = files.json();
  CHECK(json["families"][0]["exponents"][0]["C"]["low"].is_null());
  CHECK(json["families"][0]["law"].is_null());
  CHECK(json["notes"].size() == 2);
  for (const std::string& text : {cells_csv(files.data), exponents_csv(files.fit)})
    CHECK(text.find("nan") == std::string::npos);
}

TEST_CASE("a job text that is no UTF-8 still makes valid JSON") {
  const Files files(planted({}));
  const nlohmann::json json = files.json({"s.h5", "0.1.0", "bad \xff byte", ""});
  CHECK(json["provenance"]["job_text"] == "bad \xEF\xBF\xBD byte");
}

TEST_CASE("cost: hours, shares, peak memory; a store without times has shares 0") {
  std::vector<Record> records = planted({});
  const CostSummary cost = summarise_cost(records);
  CHECK(cost.core_hours == Approx(2.0 * 64 / 3600));
  CHECK(cost.embeddings == Approx(0.1));
  CHECK(cost.blas == Approx(0.5));
  CHECK(cost.peak_memory == 1 << 30);
  CHECK(cost.hosts == std::set<std::string>{"node1"});
  for (Record& record : records) {
    record.cost.threads = 4;
    record.cost.seconds_measures = 0.5;
  }
  CHECK(summarise_cost(records).core_hours == Approx(4 * 2.0 * 64 / 3600));
  CHECK(summarise_cost(records).embeddings == Approx(0.1));
  CHECK(summarise_cost(records).measures == Approx(0.25));
  for (Record& record : records) record.cost = Cost{};
  CHECK(summarise_cost(records).gradient == 0);
}
