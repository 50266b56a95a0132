#include "memscale/analysis/fit_tables.hpp"

#include <cmath>
#include <limits>
#include <map>
#include <sstream>

#include "analysis/planted.hpp"
#include "catch.hpp"
#include "memscale/core/text.hpp"

using namespace memscale;

namespace {

using Row = std::map<std::string, std::string>;

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Rows by column name; these tables quote nothing.
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

LawRow law_row(const std::string& key, double d, double steps) {
  Coefficient value =
      judge({1.45, 1.42, 1.48, 0.015}, {1.45, 1.4, 1.5, 0.02}, 4.0 / 3, Estimate{1.33, 1.25, 1.41, 0.04});
  Goodness goodness;
  goodness.points = 5;
  goodness.parameters = 2;
  goodness.rms = 0.0625;
  return {"law of " + key, key, "muon", 1.5, d, steps, "x", value, goodness, 0.25};
}

}  // namespace

TEST_CASE("a law's row in CSV: numbers in full precision, verdict, empty where there is none") {
  const LawRow made = law_row("capacity-batch", 64, none);
  const auto rows = parse_csv(csv_text(fits_data(std::span(&made, 1))));
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].at("law") == "law of capacity-batch");
  CHECK(rows[0].at("key") == "capacity-batch");
  CHECK(rows[0].at("d") == "64");
  CHECK(rows[0].at("steps").empty());
  CHECK(rows[0].at("value") == "1.45");
  CHECK(rows[0].at("fit_high") == "1.5");
  CHECK(parse_double("theory", rows[0].at("theory")) == 4.0 / 3);
  CHECK(rows[0].at("corrected") == "1.33");
  CHECK(rows[0].at("corrected_low") == "1.25");
  CHECK(parse_double("difference", rows[0].at("difference")) == Approx((1.45 - 4.0 / 3) / 0.015));
  CHECK(rows[0].at("verdict") == "finite-size");
  CHECK(rows[0].at("points") == "5");
  CHECK(rows[0].at("parameters") == "2");
  CHECK(rows[0].at("log_factor") == "0.25");
  CHECK(rows[0].at("rms") == "0.0625");
  CHECK(rows[0].at("p_value").empty());
}

TEST_CASE("cells have their parameters and means over seeds, losses those that were measured") {
  std::vector<Record> records = planted({.noise = 0.2});
  for (Record& record : records)
    if (record.trial.d == 64)
      record.result.loss = record.trial.seed == 1 ? none : static_cast<double>(record.trial.seed);
  const Aggregate data = aggregate(records);
  const auto cells = parse_csv(csv_text(cells_data(data)));
  REQUIRE(cells.size() == 16);
  CHECK(cells[0].at("method") == "muon");
  CHECK(cells[0].at("optimizer") == "muon");
  CHECK(cells[0].at("batch") == "inf");
  CHECK(cells[0].at("seeds") == "4");
  CHECK(cells[0].at("mean_loss") == "3");  // of seeds 2, 3, 4
  CHECK(cells[1].at("mean_loss").empty());
  const Cell& cell = data.families[0].series[0].cells[1];
  CHECK(parse_integer("d", cells[1].at("d")) == cell.trial.d);
  CHECK(parse_double("mean", cells[1].at("mean_capacity")) == cell.mean_capacity);
  CHECK(parse_double("error", cells[1].at("standard_error")) == cell.standard_error);
  CHECK(csv_text(cells_data(data)).find("nan") == std::string::npos);
}

TEST_CASE("CSV quotes what would break a line apart") {
  const DataTable table{"t", {}, {{"a", std::vector<std::string>{"x,y", "a \"b\"", "plain"}}}};
  CHECK(csv_text(table) == "a\n\"x,y\"\n\"a \"\"b\"\"\"\nplain\n");
  CHECK(csv_text(DataTable{"t", {}, {{"a", std::vector<double>{}}, {"b", std::vector<double>{}}}}) == "a,b\n");
}

TEST_CASE("a file of columns has each law by its key, with its text and the rule, and columns of one length") {
  Analysis analysis = analyse(planted({.noise = 0.1}), {{{"a.h5", "0.1.0", "job", "run"}, {"b.h5", "0.1.0", "", ""}}});
  analysis.rows = {law_row("one", 64, none), law_row("one", 128, none), law_row("two", none, 3)};
  const std::vector<DataTable> tables = all_data(analysis, FitTables(analysis));
  std::vector<std::string> names;
  for (const DataTable& table : tables) {
    names.push_back(table.name);
    for (const DataColumn& column : table.columns)
      CHECK(std::visit([](const auto& values) { return values.size(); }, column.values) == table.rows());
  }
  CHECK(names == std::vector<std::string>{"fits/one", "fits/two", "local_slopes", "cells", "stores"});
  CHECK(tables[0].rows() == 2);
  CHECK(tables[1].rows() == 1);
  CHECK(tables[0].columns.front().name == "method");
  CHECK(tables[0].attributes == std::vector<std::pair<std::string, std::string>>{
                                    {"verdict_rule", std::string(verdict_rule)}, {"law", "law of one"}});
  CHECK(tables[4].rows() == 2);
}
