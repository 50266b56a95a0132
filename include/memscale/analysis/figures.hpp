#pragma once

#include <optional>
#include <string>

#include "memscale/analysis/aggregate.hpp"
#include "memscale/analysis/output_folder.hpp"
#include "memscale/analysis/scaling_fit.hpp"

namespace memscale {

/// A gnuplot script and the data it reads, as files NAME.gp and NAME.dat. The script makes NAME.svg, or NAME.pdf where
/// `format` is 'pdf'.
struct Figure {
  std::string name;
  std::string data;
  std::string script;
};

/// Families beyond this many are left out of the figures (never of the tables).
inline constexpr std::size_t most_families_drawn = 24;

/// Mean capacity (bars: one standard error) against d, both logarithmic: a panel for each family, a colour for each
/// alpha, fitted lines, and dotted through each series' centroid the slope of theory. Nothing if all capacities are 0.
std::optional<Figure> capacity_figure(const Aggregate& data, const ScalingFit& fit);

/// C_alpha (bars: 95 % intervals) against 1/alpha: a colour for each family, fitted laws, theory's laws dashed. Nothing
/// without an exponent.
std::optional<Figure> exponents_figure(const ScalingFit& fit);

/// Whether figures could be drawn, and if not, why: one line for the user.
struct Drawing {
  bool drawn = true;
  std::string problem;
};

/// Writes NAME.gp and NAME.dat, and by `gnuplot` (a program's name or path) NAME.svg and NAME.pdf. Earlier pictures go
/// if there can be no new ones.
Drawing draw(const Figure& figure, const OutputFolder& folder, const std::string& gnuplot = "gnuplot");

}  // namespace memscale
