#pragma once

#include <limits>
#include <string_view>
#include <vector>

#include "memscale/experiment/trial.hpp"

namespace memscale {

/// Half-widths that 95 % intervals are to have at most: of the exponents C, and of the coefficients of their law
/// C = c1 + c2 / alpha. Infinity: any will do.
struct CiTargets {
  static constexpr double any_width = std::numeric_limits<double>::infinity();
  double c = any_width, c1 = any_width, c2 = any_width;

  bool has_exponent() const { return c < any_width; }
  bool has_law() const { return c1 < any_width || c2 < any_width; }
  bool given() const { return has_exponent() || has_law(); }
  bool operator==(const CiTargets&) const = default;
};

/// Of "C=0.02,c2=0.05"; of "none", none. Throws InputError naming `key`.
CiTargets parse_ci_targets(std::string_view key, std::string_view text);

/// Throws InputError where the trials of a job cannot have what is aimed at: an exponent takes two d, a law two alpha.
/// Where more seeds come, up to `max_seeds` a cell, they need numbers.
void require_attainable(const CiTargets& targets, std::int64_t max_seeds, const std::vector<Trial>& trials);

}  // namespace memscale
