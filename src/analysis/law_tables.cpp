#include <algorithm>
#include <cmath>
#include <cstdio>

#include "memscale/analysis/table.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

using Row = std::vector<std::string>;

std::string range_text(std::int64_t low, std::int64_t high) {
  return low == high ? to_text(low) : to_text(low) + "-" + to_text(high);
}

std::string finite_text(double value, int decimals) {
  return std::isfinite(value) ? fixed_text(value, decimals) : "-";
}

std::string verdict_text(Verdict verdict) {
  return verdict == Verdict::none ? "-" : std::string(name_of(verdict));
}

/// "1.453 [1.440, 1.466]"
std::string estimate_text(const Estimate& e) {
  return value_text(e.value) + (e.has_interval() ? " " + interval_text(e) : "");
}

/// Header and kinds of coefficient_columns.
void append_coefficient_header(const std::string& value, Table& table) {
  for (const std::string& name : {value, std::string("theory"), std::string("verdict"), std::string("z"),
                                  std::string("95 % interval"), std::string("fit +-"), std::string("rms")}) {
    table.header.push_back(name);
    table.numeric.push_back(name != "verdict");
  }
}

using NumberText = std::string (*)(double value);

/// Of a number that is known to all its digits: "1.00031", "3.25e-04".
std::string exact_text(double value) {
  constexpr double small = 1e-2, large = 100, rounding = 1e-14;
  if (std::abs(value) < rounding) return "0";
  if (!std::isfinite(value) || std::abs(value) >= large) return value_text(value);
  if (std::abs(value) >= small) return fixed_text(value, 5);
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%.2e", value);
  return buffer;
}

std::string exact_interval_text(const Estimate& e) {
  return e.has_interval() ? "[" + exact_text(e.low) + ", " + exact_text(e.high) + "]" : "n/a";
}

void append_coefficient(const Coefficient& c, const Goodness& goodness, Row& row, bool exact = false) {
  const NumberText text = exact ? exact_text : value_text;
  const bool has_rms = goodness.points > goodness.parameters;
  row.insert(row.end(), {text(c.value), c.theory ? text(*c.theory) : "-", verdict_text(c.verdict),
                         finite_text(c.difference, 1), exact ? exact_interval_text(c) : interval_text(c),
                         c.by_fit.has_interval() ? text((c.by_fit.high - c.by_fit.low) / 2) : "-",
                         !has_rms ? "-"
                         : exact  ? exact_text(goodness.rms)
                                  : finite_text(goodness.rms, 3)});
}

void append_column(const std::string& name, Table& table) {
  table.header.push_back(name);
  table.numeric.push_back(true);
}

/// Whether a row belongs to the scaling fit, which has tables of its own.
bool is_of_scaling(const LawRow& row) {
  return row.key == "capacity-d" || row.key == "exponent-alpha";
}

Table table_of(std::span<const LawRow> rows) {
  Table table{{"method", "alpha"}, {}, {false, true}};
  const auto any = [&](double LawRow::*of) {
    return std::any_of(rows.begin(), rows.end(), [&](const LawRow& row) { return std::isfinite(row.*of); });
  };
  const bool has_d = any(&LawRow::d), has_steps = any(&LawRow::steps);
  if (has_d) append_column("d", table);
  if (has_steps) append_column("steps", table);
  table.header.emplace_back("term");
  table.numeric.push_back(false);
  append_coefficient_header("value", table);
  append_column("points", table);
  const auto place = [](double value) { return std::isfinite(value) ? to_text(value) : "-"; };
  for (const LawRow& row : rows) {
    Row line{row.method, place(row.alpha)};
    if (has_d) line.push_back(place(row.d));
    if (has_steps) line.push_back(place(row.steps));
    line.push_back(row.parameter);
    append_coefficient(row.value, row.goodness, line, row.exact);
    line.push_back(to_text(row.goodness.points));
    table.rows.push_back(std::move(line));
  }
  return table;
}

}  // namespace

Table exponent_table(const ScalingFit& fit) {
  Table table{{"method", "alpha"}, {}, {false, true}};
  append_coefficient_header("C", table);
  append_column("d", table);
  append_column("seeds", table);
  for (const FamilyFit& family : fit.families)
    for (const Exponent& e : family.exponents) {
      Row row{family.label, to_text(e.alpha)};
      append_coefficient(e.c, e.goodness, row);
      row.push_back(to_text(e.d_count) + " (" + range_text(e.d_min, e.d_max) + ")");
      row.push_back(range_text(e.seeds_min, e.seeds_max));
      table.rows.push_back(std::move(row));
    }
  return table;
}

Table law_table(const ScalingFit& fit) {
  Table table{{"method", "term"}, {}, {false, false}};
  append_coefficient_header("value", table);
  append_column("alphas", table);
  for (const FamilyFit& family : fit.families) {
    if (!family.law) continue;
    for (const auto& [term, c] : {std::pair("c1", &family.law->c1), std::pair("c2", &family.law->c2)}) {
      Row row{family.label, term};
      append_coefficient(*c, family.law->goodness, row);
      row.push_back(to_text(family.law->alphas));
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

Table finite_size_table(const ScalingFit& fit) {
  Table table{{"method", "alpha", "theory", "C", "log-corrected", "extrapolated", "local slopes"},
              {},
              {false, true, true, true, true, true, false}};
  for (const FamilyFit& family : fit.families)
    for (const Exponent& e : family.exponents) {
      if (!e.c.corrected && !e.extrapolated) continue;
      std::string slopes;
      for (const LocalSlope& local : e.local)
        slopes.append(slopes.empty() ? "" : ", ")
            .append(range_text(local.d_low, local.d_high))
            .append(": ")
            .append(fixed_text(local.slope.value, 3));
      table.rows.push_back({family.label, to_text(e.alpha), e.c.theory ? value_text(*e.c.theory) : "-",
                            estimate_text(e.c), e.c.corrected ? estimate_text(*e.c.corrected) : "-",
                            e.extrapolated ? estimate_text(*e.extrapolated) : "-", slopes});
    }
  return table;
}

std::vector<LawTable> other_law_tables(std::span<const LawRow> rows) {
  std::vector<LawTable> tables;
  for (std::size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
    while (end < rows.size() && rows[end].key == rows[begin].key) ++end;
    if (!is_of_scaling(rows[begin]))
      tables.push_back({rows[begin].law, rows[begin].key, table_of(rows.subspan(begin, end - begin))});
  }
  return tables;
}

}  // namespace memscale
