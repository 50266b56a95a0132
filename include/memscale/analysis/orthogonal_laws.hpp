#pragma once

#include <string>
#include <vector>

#include "memscale/analysis/aggregate.hpp"
#include "memscale/analysis/gap_fit.hpp"
#include "memscale/analysis/imbalance_fit.hpp"
#include "memscale/analysis/isotropy_fit.hpp"
#include "memscale/analysis/rho_fit.hpp"
#include "memscale/analysis/training_fit.hpp"
#include "memscale/analysis/twin_fit.hpp"

namespace memscale {

/// The laws of orthogonal memories. They point to runs that the aggregate owns.
struct OrthogonalLaws {
  TrainingFits trainings;
  GapFits gaps;
  TwinFits twins;
  RhoFits rhos;
  std::vector<IsotropyRow> isotropy;
  ImbalanceRows imbalance;

  std::vector<std::string> notes() const;
};

OrthogonalLaws fit_orthogonal(const Aggregate& data);

}  // namespace memscale
