#include "table.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace memscale::bench {

namespace {

std::string print(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string cell(const Column& column, const nlohmann::json& row) {
  const bool is_text = column.form == Column::Form::text;
  if (!row.contains(column.key) || !(is_text ? row[column.key].is_string() : row[column.key].is_number())) return "-";
  if (is_text) return row[column.key];
  const double value = row[column.key];
  switch (column.form) {
    case Column::Form::text:
      break;
    case Column::Form::whole:
      return print("%.0f", value);
    case Column::Form::number:
      return digits(value);
    case Column::Form::fraction:
      return print("%.2f", value);
    case Column::Form::permille:
    case Column::Form::seconds:
      return print("%.3f", value);
    case Column::Form::times:
      return (value >= 100 ? print("%.0f", value) : digits(value)) + "x";
  }
  return "";
}

void pad(std::string& line, std::size_t width, const std::string& text) {
  line.append(width - std::min(width, text.size()), ' ').append(text);
}

}  // namespace

std::string digits(double value) {
  if (!std::isfinite(value) || value == 0) return print("%.0f", value);
  const int decimals = std::clamp(2 - static_cast<int>(std::floor(std::log10(std::abs(value)))), 0, 6);
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string table(const std::string& heading, std::vector<Column> columns, const nlohmann::json& rows) {
  std::erase_if(columns, [&](const Column& column) {
    return std::none_of(rows.begin(), rows.end(), [&](const auto& row) { return row.contains(column.key); });
  });
  constexpr std::size_t gap = 2;
  std::vector<std::size_t> widths;
  for (const Column& column : columns) {
    widths.push_back(column.title.size());
    for (const auto& row : rows) widths.back() = std::max(widths.back(), cell(column, row).size());
  }
  std::string groups, titles, body;
  for (std::size_t c = 0; c < columns.size();) {
    // a group as wide as its columns, at least as wide as its name
    std::size_t end = c, width = 0;
    for (; end < columns.size() && columns[end].group == columns[c].group; ++end) width += gap + widths[end];
    const std::size_t needed = columns[c].group.empty() ? 0 : columns[c].group.size() + 2 * gap;
    if (width < needed) widths[c] += needed - width, width = needed;
    if (columns[c].group.empty())
      groups.append(width, ' ');
    else
      groups.append(gap + 1, ' ').append(columns[c].group + ' ').append(width - gap - 2 - columns[c].group.size(), '-');
    for (; c < end; ++c) pad(titles, gap + widths[c], columns[c].title);
  }
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < columns.size(); ++c) pad(body, gap + widths[c], cell(columns[c], row));
    body += '\n';
  }
  groups.erase(groups.find_last_not_of(' ') + 1);
  return heading + "\n" + groups + "\n" + titles + "\n" + body;
}

}  // namespace memscale::bench
