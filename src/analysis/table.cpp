#include "memscale/analysis/table.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "memscale/core/text.hpp"

namespace memscale {

namespace {

std::string optional_text(const std::optional<double>& value) {
  return value ? fixed_text(*value, 3) : "-";
}

std::string range_text(std::int64_t low, std::int64_t high) {
  return low == high ? to_text(low) : to_text(low) + "-" + to_text(high);
}

std::vector<std::string> estimate_columns(const Estimate& e, const std::optional<double>& theory) {
  return {fixed_text(e.value, 3), interval_text(e), fixed_text(e.standard_error, 3), optional_text(theory)};
}

std::vector<std::string> joined(std::vector<std::string> first, const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

/// The steps of these cells, or 20 of them, first and last included.
std::vector<std::int64_t> shown_steps(const std::vector<Cell>& cells) {
  constexpr std::size_t most = 20;
  std::int64_t longest = 0;
  for (const Cell& cell : cells)
    if (!cell.trace.steps.empty()) longest = std::max(longest, cell.trace.steps.back());
  if (longest == 0) return {};
  std::vector<std::int64_t> all = traced_steps(longest), shown;
  const std::size_t count = std::min(most, all.size());
  for (std::size_t k = 0; k < count; ++k) shown.push_back(all[count == 1 ? 0 : k * (all.size() - 1) / (count - 1)]);
  return shown;
}

/// Mean capacity after a step; "-" where no trial of the cell took it.
std::string capacity_text(const CellTrace& trace, std::int64_t step) {
  const auto found = std::lower_bound(trace.steps.begin(), trace.steps.end(), step);
  if (found == trace.steps.end() || *found != step) return "-";
  return fixed_text(trace.mean_capacity(static_cast<std::size_t>(found - trace.steps.begin())), 1);
}

/// The tables of capacity per step, as far as they are worth a terminal's lines.
std::string steps_text(const Aggregate& data) {
  constexpr std::size_t most = 6;
  const std::vector<StepTable> tables = step_tables(data);
  std::string text;
  for (std::size_t i = 0; i < std::min(tables.size(), most); ++i)
    text += "\nmean capacity after each step: " + tables[i].series + "\n" + plain_text(tables[i].table);
  if (tables.size() > most)
    text += "\nand " + to_text(std::uint64_t{tables.size() - most}) +
            " tables of capacity after each step more in the report\n";
  return text;
}

}  // namespace

std::string fixed_text(double value, int decimals) {
  if (!std::isfinite(value)) return "n/a";
  char buffer[400];  // the largest double has 309 digits before the point
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
  std::string text = buffer;
  if (text.starts_with('-') && text.find_first_of("123456789") == std::string::npos) text.erase(0, 1);
  return text;
}

std::string interval_text(const Estimate& e) {
  if (!e.has_interval()) return "n/a";
  return std::string("[").append(fixed_text(e.low, 3)).append(", ").append(fixed_text(e.high, 3)).append("]");
}

Table exponent_table(const ScalingFit& fit) {
  Table table{{"method", "alpha", "C", "95 % interval", "theory", "d", "seeds"},
              {},
              {false, true, true, true, true, true, true}};
  for (const FamilyFit& family : fit.families)
    for (const Exponent& e : family.exponents)
      table.rows.push_back({family.label, to_text(e.alpha), fixed_text(e.c.value, 3), interval_text(e.c),
                            optional_text(e.c.theory), to_text(e.d_count) + " (" + range_text(e.d_min, e.d_max) + ")",
                            range_text(e.seeds_min, e.seeds_max)});
  return table;
}

Table law_table(const ScalingFit& fit) {
  Table table{{"method", "term", "value", "95 % interval", "s.e.", "theory", "alphas"},
              {},
              {false, false, true, true, true, true, true}};
  for (const FamilyFit& family : fit.families) {
    if (!family.law) continue;
    std::optional<double> c1, c2;
    if (family.theory) c1 = family.theory->c1, c2 = family.theory->c2;
    const std::vector<std::string> alphas{to_text(family.law->alphas)};
    table.rows.push_back(joined(joined({family.label, "c1"}, estimate_columns(family.law->c1, c1)), alphas));
    table.rows.push_back(joined(joined({family.label, "c2"}, estimate_columns(family.law->c2, c2)), alphas));
  }
  return table;
}

Table cell_table(const Aggregate& data) {
  Table table{{"method", "alpha", "d", "seeds", "mean capacity", "s.e.", "mean accuracy", "mean prefix"},
              {},
              {false, true, true, true, true, true, true, true}};
  for (const Family& family : data.families)
    for (const Series& series : family.series)
      for (const Cell& cell : series.cells)
        table.rows.push_back({family.label, to_text(series.alpha), to_text(cell.trial.d),
                              to_text(static_cast<std::int64_t>(cell.seeds.size())), fixed_text(cell.mean_capacity, 1),
                              fixed_text(cell.standard_error, 1), fixed_text(cell.mean_accuracy, 4),
                              fixed_text(cell.mean_prefix, 1)});
  return table;
}

std::vector<StepTable> step_tables(const Aggregate& data) {
  std::vector<StepTable> tables;
  for (const Family& family : data.families) {
    if (family.trial.steps == 1) continue;
    for (const Series& series : family.series) {
      StepTable steps{series_name(family, series), {{"step"}, {}, {true}}};
      for (const Cell& cell : series.cells) {
        steps.table.header.push_back("d=" + to_text(cell.trial.d));
        steps.table.numeric.push_back(true);
      }
      for (std::int64_t step : shown_steps(series.cells)) {
        std::vector<std::string> row{to_text(step)};
        for (const Cell& cell : series.cells) row.push_back(capacity_text(cell.trace, step));
        steps.table.rows.push_back(row);
      }
      if (!steps.table.rows.empty()) tables.push_back(std::move(steps));
    }
  }
  return tables;
}

std::string plain_text(const Table& table) {
  std::vector<std::size_t> width;
  for (const std::string& text : table.header) width.push_back(text.size());
  for (const auto& row : table.rows)
    for (std::size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], row[i].size());
  std::string text;
  const auto add = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string blank(width[i] - row[i].size(), ' ');
      line.append(i == 0 ? "" : "  ").append(table.numeric[i] ? blank + row[i] : row[i] + blank);
    }
    text.append(line, 0, line.find_last_not_of(' ') + 1).append("\n");
  };
  add(table.header);
  for (const auto& row : table.rows) add(row);
  return text;
}

std::string summary_text(const Aggregate& data, std::size_t width) {
  std::string text = to_text(data.finished) + (data.finished == 1 ? " finished trial" : " finished trials");
  std::size_t line = text.size();
  for (const auto& [name, value] : data.common) {
    const std::string part = name + " " + value;
    const bool fits = line + 3 + part.size() <= width;  // ", " and a comma that may follow
    text.append(fits ? ", " : ",\n").append(part);
    line = part.size() + (fits ? line + 2 : 0);
  }
  return text;
}

std::string terminal_text(const Aggregate& data, const ScalingFit& fit) {
  constexpr std::size_t width = 100;
  std::string text = summary_text(data, width) + "\n";
  const Table exponents = exponent_table(fit);
  if (!exponents.rows.empty()) text += "\nmean capacity ~ d^C\n" + plain_text(exponents);
  const Table laws = law_table(fit);
  if (!laws.rows.empty()) text += "\nC = c1 + c2 / alpha\n" + plain_text(laws);
  text += steps_text(data);
  if (!data.notes.empty() || !fit.notes.empty()) text += "\n";
  for (const std::string& note : data.notes) text.append("note: ").append(note).append("\n");
  for (const std::string& note : fit.notes) text.append("note: ").append(note).append("\n");
  return text;
}

}  // namespace memscale
