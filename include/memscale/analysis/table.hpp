#pragma once

#include <string>
#include <vector>

#include "memscale/analysis/aggregate.hpp"
#include "memscale/analysis/estimate.hpp"
#include "memscale/analysis/scaling_fit.hpp"

namespace memscale {

/// Cells of text, for the terminal and the report alike.
struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
  std::vector<bool> numeric;  ///< a column of numbers is aligned to the right
};

/// One row for each (method, alpha): C, interval, theory, number of d and of seeds.
Table exponent_table(const ScalingFit& fit);
/// Two rows for each method: c1 and c2 of C_alpha = c1 + c2 / alpha.
Table law_table(const ScalingFit& fit);
/// One row for each cell: mean capacity and its standard error.
Table cell_table(const Aggregate& data);

/// Mean capacity after each step, of one series of several steps.
struct StepTable {
  std::string series;  ///< series_name
  Table table;         ///< a column for each d; at most 20 rows, steps on a logarithmic scale, first and last included
};
std::vector<StepTable> step_tables(const Aggregate& data);

/// Aligned columns, two blanks apart, each line ended by a newline.
std::string plain_text(const Table& table);

/// "192 finished trials, items 100000, ...": how many there are and what they share, in lines of `width`.
std::string summary_text(const Aggregate& data, std::size_t width = std::string::npos);

/// The tables and notes, as memscale-fit prints them.
std::string terminal_text(const Aggregate& data, const ScalingFit& fit);

/// "1.234", never "-0.000" and never "nan" ("n/a").
std::string fixed_text(double value, int decimals);
/// "[1.21, 1.26]" in 3 decimals, or "n/a".
std::string interval_text(const Estimate& estimate);

}  // namespace memscale
