#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace memscale::bench {

/// One column: a number or a text of each row.
struct Column {
  enum class Form {
    text,
    whole,
    number,    ///< 3 significant digits
    fraction,  ///< 2 decimals
    permille,  ///< 3 decimals
    seconds,   ///< 3 decimals
    times      ///< 3 significant digits and an x
  };
  std::string group;  ///< stands above the title; of neighbours with one group, once
  std::string title;
  std::string key;
  Form form;
};

/// Aligned plain text; "-" where a row has no such number, and no column that no row has.
std::string table(const std::string& heading, std::vector<Column> columns, const nlohmann::json& rows);

/// "0.871", "12.3", "1230"
std::string digits(double value);

}  // namespace memscale::bench
