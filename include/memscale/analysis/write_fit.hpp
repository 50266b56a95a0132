#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "memscale/analysis/fit_source.hpp"
#include "memscale/experiment/result.hpp"

namespace memscale {

/// Fits `records`, prints the tables to `out` and writes cells.csv, exponents.csv, laws.csv, fit.json, report.html and
/// the figures (capacity, exponents: .svg .pdf .gp .dat) to `folder`, which is created. Where `gnuplot` cannot be run
/// the rest still comes, and `warnings` gets one line. Throws InputError: no finished trial, a folder that cannot be
/// used, or one that holds files of these names that no fit has made.
void write_fit(const std::vector<Record>& records, const FitSource& source, const std::filesystem::path& folder,
               std::ostream& out, std::ostream& warnings, const std::string& gnuplot = "gnuplot");

}  // namespace memscale
