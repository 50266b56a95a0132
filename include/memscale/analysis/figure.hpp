#pragma once

#include <string>

#include "memscale/analysis/output_folder.hpp"

namespace memscale {

/// A gnuplot script and the data it reads, as files NAME.gp and NAME.dat. The script makes NAME.svg, or NAME.pdf where
/// `format` is 'pdf'.
struct Figure {
  std::string name;
  std::string data;
  std::string script;
};

/// Whether figures could be drawn, and if not, why: one line for the user.
struct Drawing {
  bool drawn = true;
  std::string problem;
};

/// Writes NAME.gp and NAME.dat, and by `gnuplot` (a program's name or path) NAME.svg and NAME.pdf. Earlier pictures go
/// if there can be no new ones.
Drawing draw(const Figure& figure, const OutputFolder& folder, const std::string& gnuplot = "gnuplot");

}  // namespace memscale
