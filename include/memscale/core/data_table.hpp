#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace memscale {

/// Values of one kind; NaN where there is no number.
struct DataColumn {
  std::string name;
  std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::string>> values;
};

/// Rows for other programs, whatever file they go to: CSV, JSON or HDF5.
struct DataTable {
  std::string name;                                             ///< "fits/capacity-d": a group in HDF5
  std::vector<std::pair<std::string, std::string>> attributes;  ///< what is to be known of it: name, text
  std::vector<DataColumn> columns;                              ///< of one length

  std::size_t rows() const {
    if (columns.empty()) return 0;
    return std::visit([](const auto& values) { return values.size(); }, columns.front().values);
  }
};

}  // namespace memscale
