#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "memscale/analysis/aggregate.hpp"
#include "memscale/analysis/gap_decay_fit.hpp"
#include "memscale/analysis/gap_fit.hpp"
#include "memscale/analysis/imbalance_fit.hpp"
#include "memscale/analysis/isotropy_fit.hpp"
#include "memscale/analysis/rho_fit.hpp"
#include "memscale/analysis/training_fit.hpp"
#include "memscale/analysis/twin_fit.hpp"

namespace memscale {

/// What intervals and verdicts of these laws are, as tables and reports state it.
inline constexpr std::string_view orthogonal_rule =
    "Orthogonal memories: nothing is random but a haar basis, so 95 % intervals are the fit's own, from its residuals "
    "by "
    "Student's t (over seeds where there are several). finite-size: further terms in the fit (1/t and log(t)/t, L, "
    "log log T) lead to theory, past it or nine tenths of the way, or a rate, or muon's x of rho, is within log(K)/K "
    "of it."
    " An upper bound's exponent is consistent with all below.";

/// The laws of orthogonal memories. They point to runs that the aggregate owns.
struct OrthogonalLaws {
  TrainingFits trainings;
  GapFits gaps;
  GapDecayFits gap_decays;
  TwinFits twins;
  RhoFits rhos;
  std::vector<IsotropyRow> isotropy;
  ImbalanceRows imbalance;

  std::vector<std::string> notes() const;
};

OrthogonalLaws fit_orthogonal(const Aggregate& data);

}  // namespace memscale
