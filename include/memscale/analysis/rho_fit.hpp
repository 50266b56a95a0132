#pragma once

#include <array>
#include <limits>
#include <string>
#include <vector>

#include "memscale/analysis/goodness.hpp"
#include "memscale/analysis/run_group.hpp"
#include "memscale/analysis/verdict.hpp"

namespace memscale {

/// The eps of Result::rho_0_5 to rho_0_001.
inline constexpr std::array rho_epsilons{0.5, 0.1, 0.01, 0.001};

using Rhos = std::array<double, rho_epsilons.size()>;  ///< of each eps; NaN: unknown

/// rho_eps = min_k f_k where max_k f_k = 1 - eps, after one step with two groups of items, arXiv 2509.26030: a property
/// of the update, whatever the eta.
struct RhoPoint {
  std::string label;
  const OrthogonalRun* run = nullptr;                ///< of the smallest eta
  std::array<Coefficient, rho_epsilons.size()> rho;  ///< mean over seeds, theory: see rho_theory
  double off_closed_form =
      std::numeric_limits<double>::quiet_NaN();  ///< gd, ngd: largest |rho - closed form| of all eps
};

struct RhoValue {
  double items = 0, rho = 0;
};

/// rho_eps = A K^x over trials that differ in K alone; in the coupled basis those of which three items that share
/// coordinates are of both groups have a fit of their own. Theory: r - 1 for gd and ngd, 0 for muon and, in the
/// identity basis, signgd, at the most -0.3 for signgd in the coupled one.
struct RhoFit {
  std::string label;
  double eps = 0;
  const OrthogonalRun* run = nullptr;  ///< of the smallest K
  std::vector<RhoValue> points;        ///< ascending K
  Coefficient exponent;
  double log_factor = 0;
  Goodness goodness;
};

struct RhoFits {
  std::vector<RhoPoint> points;
  std::vector<RhoFit> fits;
  std::vector<std::string> notes;
};

/// The smaller of the two frequencies of an item over the larger.
double frequency_ratio(const OrthogonalRun& run);

/// Of gd (and ngd), exactly: 1 - rho = eps / (eps + (1 - eps)^r eps^(1 - r) (K - 1)^(r - 1)).
double gd_rho(double eps, double r, double items);

/// gd_rho; 1 - eps for muon, tra-signgd and signgd in the identity basis; NaN for others.
double rho_theory(const OrthogonalRun& run, double eps);

RhoFits fit_rhos(std::span<const OrthogonalRun* const> runs);

}  // namespace memscale
