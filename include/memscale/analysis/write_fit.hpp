#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "memscale/analysis/analysis.hpp"
#include "memscale/core/data_table.hpp"

namespace memscale {

/// Where a fit's files go, and which.
struct FitOutput {
  std::filesystem::path folder;  ///< created where it is missing
  bool draws = true;             ///< figures
  std::string gnuplot = "gnuplot";
  /// Makes fits.h5 of these tables under the path given, a new file. None: there is no fits.h5.
  std::function<void(const std::filesystem::path&, const std::vector<DataTable>&)> write_columns;
};

/// Throws InputError unless a fit may be written there: for a file, and for a folder with files of a fit's names that
/// no fit has made.
void require_fit_folder(const std::filesystem::path& folder);

/// Prints the tables to `out` and writes fits.csv, cells.csv, local_slopes.csv, fit.json, fits.h5, report.html and the
/// figures (figure_names: .svg .pdf .gp .dat). Where gnuplot cannot be run the rest still comes, and `warnings`
/// gets one line. Throws InputError as require_fit_folder does, or where a file cannot be written.
void write_fit(const Analysis& analysis, const FitOutput& output, std::ostream& out, std::ostream& warnings);

}  // namespace memscale
