#include <cmath>

#include "memscale/analysis/fit_tables.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

void append_value(const std::string& value, std::string& text) {
  if (value.find_first_of(",\"\r\n") == std::string::npos) {
    text += value;
    return;
  }
  text += '"';
  for (char c : value) text.append(c == '"' ? 2 : 1, c);
  text += '"';
}

void append_value(double value, std::string& text) {
  if (!std::isnan(value)) text += to_text(value);
}

void append_value(std::int64_t value, std::string& text) {
  text += to_text(value);
}

}  // namespace

std::string csv_text(const DataTable& table) {
  std::string text;
  const auto line = [&](auto&& append) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (i > 0) text += ',';
      append(table.columns[i]);
    }
    text += '\n';
  };
  line([&](const DataColumn& column) { append_value(column.name, text); });
  const std::size_t rows = table.rows();
  for (std::size_t row = 0; row < rows; ++row)
    line([&](const DataColumn& column) {
      std::visit([&](const auto& values) { append_value(values[row], text); }, column.values);
    });
  return text;
}

}  // namespace memscale
