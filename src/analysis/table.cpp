#include "memscale/analysis/table.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "memscale/core/text.hpp"

namespace memscale {

namespace {

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

/// As many as an interval needs.
int decimals_of(double value) {
  const double size = std::abs(value);
  return size < 100 ? 3 : size < 1e4 ? 1 : 0;
}

bool is_scientific(double value) {
  const double size = std::abs(value);
  return std::isfinite(value) && size >= 1e8;
}

/// `value` as value_text shows one of the size of `like`.
std::string text_like(double like, double value) {
  if (!is_scientific(like)) return fixed_text(value, decimals_of(like));
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%.2e", value);
  return buffer;
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

std::string value_text(double value) {
  return text_like(value, value);
}

std::string interval_text(const Estimate& e) {
  if (!e.has_interval()) return "n/a";
  return "[" + text_like(e.value, e.low) + ", " + text_like(e.value, e.high) + "]";
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

std::string plain_text(const Table& table, std::size_t width) {
  std::vector<std::size_t> widths;
  for (const std::string& text : table.header) widths.push_back(text.size());
  for (const auto& row : table.rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  std::size_t whole = 2 * (widths.size() - 1);
  for (std::size_t column : widths) whole += column;
  const std::size_t first = whole > width && widths.size() > 1 ? 1 : 0;
  std::string text;
  const auto add = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = first; i < row.size(); ++i) {
      const std::string blank(widths[i] - row[i].size(), ' ');
      line.append(i == first ? "" : "  ").append(table.numeric[i] ? blank + row[i] : row[i] + blank);
    }
    text.append(line, 0, line.find_last_not_of(' ') + 1).append("\n");
  };
  add(table.header);
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const std::string& name = table.rows[r].front();
    if (first == 1 && (r == 0 || name != table.rows[r - 1].front())) text += name + "\n";
    add(table.rows[r]);
  }
  return text;
}

std::string summary_text(const Aggregate& data, std::size_t width) {
  std::string text = to_text(data.finished) + (data.finished == 1 ? " finished trial" : " finished trials");
  if (!data.orthogonal.empty() && !data.families.empty())
    text += ", " + to_text(std::uint64_t{data.orthogonal.size()}) + " of orthogonal memories";
  std::size_t line = text.size();
  for (const auto& [name, value] : data.common) {
    const std::string part = name + " " + value;
    const bool fits = line + 3 + part.size() <= width;  // ", " and a comma that may follow
    text.append(fits ? ", " : ",\n").append(part);
    line = part.size() + (fits ? line + 2 : 0);
  }
  return text;
}

}  // namespace memscale
