#include "memscale/analysis/terminal_text.hpp"

#include <algorithm>

#include "memscale/analysis/table.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr std::size_t width = 100, most_rows = 120;

std::size_t width_of(const Table& table) {
  const std::string text = plain_text(table);
  return text.find('\n');
}

/// Takes columns out that hold one text in all rows: "d: 4 (64-512), seeds: 8". The method and what is to be seen at a
/// glance stay.
std::string without_constants(Table& table) {
  std::string constants;
  for (std::size_t column = table.header.size(); column-- > 1;) {
    const std::string text = table.rows.front()[column];
    if (std::any_of(table.rows.begin(), table.rows.end(), [&](const auto& row) { return row[column] != text; }))
      continue;
    const bool stays = table.header[column] == "theory" || table.header[column] == "verdict";
    if (stays && text != "-") continue;
    const auto at = static_cast<std::ptrdiff_t>(column);
    if (text != "-") constants = table.header[column] + ": " + text + (constants.empty() ? "" : ", ") + constants;
    table.header.erase(table.header.begin() + at);
    table.numeric.erase(table.numeric.begin() + at);
    for (auto& row : table.rows) row.erase(row.begin() + at);
  }
  return constants;
}

/// A table below its heading, which tells what is the same in all rows of a wide one; nothing where it has no rows.
std::string headed(std::string heading, Table table) {
  if (table.rows.empty()) return {};
  if (table.rows.size() > 1 && width_of(table) > width)
    if (const std::string constants = without_constants(table); !constants.empty()) heading += "   (" + constants + ")";
  const std::size_t rows = table.rows.size();
  table.rows.resize(std::min(rows, most_rows));
  std::string text = "\n" + heading + "\n" + plain_text(table, width);
  if (rows > most_rows) text += "and " + to_text(std::uint64_t{rows - most_rows}) + " rows more in fits.csv\n";
  return text;
}

/// In lines of `width`, broken at blanks.
std::string wrapped(std::string_view text) {
  std::string lines;
  while (text.size() > width) {
    const std::size_t end = text.rfind(' ', width);
    if (end == std::string_view::npos) break;
    lines.append(text.substr(0, end)).append("\n");
    text.remove_prefix(end + 1);
  }
  return lines.append(text).append("\n");
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

/// What the columns mean, where a table has them.
std::string legend(const Analysis& analysis) {
  if (analysis.rows.empty()) return {};
  std::string text = "\n" + wrapped(
                                "95 % interval: over seeds; fit +-: half the fit's own 95 % interval; z: (value - "
                                "theory) / standard error over seeds");
  const bool judged = std::any_of(analysis.rows.begin(), analysis.rows.end(),
                                  [](const LawRow& row) { return row.value.verdict != Verdict::none; });
  if (judged) text += wrapped(verdict_rule);
  return analysis.data.orthogonal.empty() ? text : text + wrapped(orthogonal_rule);
}

}  // namespace

std::string terminal_text(const Analysis& analysis) {
  const ScalingFit& scaling = analysis.laws.scaling;
  std::string text = summary_text(analysis.data, width) + "\n";
  text += headed("mean capacity ~ d^C", exponent_table(scaling));
  text += headed("C = c1 + c2 / alpha", law_table(scaling));
  for (const LawTable& law : other_law_tables(analysis.rows)) text += headed(law.law, law.table);
  text += legend(analysis) + steps_text(analysis.data);
  const std::vector<std::string> notes = analysis.notes();
  if (!notes.empty()) text += "\n";
  for (const std::string& note : notes) text.append("note: ").append(note).append("\n");
  return text;
}

}  // namespace memscale
