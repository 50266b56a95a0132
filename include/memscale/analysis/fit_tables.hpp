#pragma once

#include <span>
#include <string>
#include <vector>

#include "memscale/analysis/analysis.hpp"
#include "memscale/core/data_table.hpp"

namespace memscale {

/// A row for each fitted number. Column `method` joins all tables here.
DataTable fits_data(std::span<const LawRow> rows);

/// A row for each cell: method, d, alpha, all parameters of the trial, and means over seeds.
DataTable cells_data(const Aggregate& data);

/// A row for each pair of neighbouring d of a series, with the slope of log capacity between them; and one, with
/// infinite d, for what the slopes tend to (finite_size.hpp).
DataTable local_slopes_data(const ScalingFit& fit);

/// What several files show.
struct FitTables {
  DataTable fits, cells, local_slopes;

  explicit FitTables(const Analysis& analysis)
      : fits(fits_data(analysis.rows)),
        cells(cells_data(analysis.data)),
        local_slopes(local_slopes_data(analysis.laws.scaling)) {}
};

/// What a file of columns holds: fits/KEY, which is the rows of one law with its text as attribute, local_slopes, cells
/// and stores.
std::vector<DataTable> all_data(const Analysis& analysis, const FitTables& tables);

/// Comma-separated values, a header line first, numbers in full precision; empty where there is no number.
std::string csv_text(const DataTable& table);

}  // namespace memscale
