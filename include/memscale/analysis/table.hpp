#pragma once

#include <span>
#include <string>
#include <vector>

#include "memscale/analysis/aggregate.hpp"
#include "memscale/analysis/estimate.hpp"
#include "memscale/analysis/laws.hpp"
#include "memscale/analysis/scaling_fit.hpp"

namespace memscale {

/// Cells of text, for the terminal and the report alike.
struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
  std::vector<bool> numeric;  ///< a column of numbers is aligned to the right
};

/// Columns of all tables of laws: theory, "verdict" (verdict_rule), "z" (Coefficient::difference), the interval over
/// seeds, "fit +-" (half the 95 % interval of the fit's own covariance), "rms" (Goodness); "-" where there is none.
///
/// One row for each (method, alpha): C, number of d and of seeds.
Table exponent_table(const ScalingFit& fit);
/// Two rows for each method: c1 and c2 of C_alpha = c1 + c2 / alpha.
Table law_table(const ScalingFit& fit);
/// One row for each (method, alpha): C, with a logarithmic correction, extrapolated, and the slopes between
/// neighbouring d.
Table finite_size_table(const ScalingFit& fit);

/// One law's numbers.
struct LawTable {
  std::string law;  ///< "capacity ~ min(B^g, P)"
  std::string key;
  Table table;
};
/// Of all laws but those of the tables above.
std::vector<LawTable> other_law_tables(std::span<const LawRow> rows);

/// One row for each cell: mean capacity and its standard error.
Table cell_table(const Aggregate& data);

/// Mean capacity after each step, of one series of several steps.
struct StepTable {
  std::string series;  ///< series_name
  Table table;         ///< a column for each d; at most 20 rows, steps on a logarithmic scale, first and last included
};
std::vector<StepTable> step_tables(const Aggregate& data);

/// Aligned columns, two blanks apart, each line ended by a newline. Where that is wider than `width`, the first column
/// goes: its text stands above the rows that share it.
std::string plain_text(const Table& table, std::size_t width = std::string::npos);

/// "192 finished trials, items 100000, ...": how many there are and what they share, in lines of `width`.
std::string summary_text(const Aggregate& data, std::size_t width = std::string::npos);

/// "1.234", never "-0.000" and never "nan" ("n/a").
std::string fixed_text(double value, int decimals);
/// "1.234"; large ones with fewer decimals, or as "1.23e+09".
std::string value_text(double value);
/// "[1.210, 1.260]" with the decimals of the estimate's value_text, or "n/a".
std::string interval_text(const Estimate& estimate);

}  // namespace memscale
