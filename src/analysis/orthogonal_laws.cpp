#include "memscale/analysis/orthogonal_laws.hpp"

namespace memscale {

std::vector<std::string> OrthogonalLaws::notes() const {
  std::vector<std::string> all;
  for (const auto* notes :
       {&trainings.notes, &gaps.notes, &gap_decays.notes, &twins.notes, &rhos.notes, &imbalance.notes})
    all.insert(all.end(), notes->begin(), notes->end());
  return all;
}

OrthogonalLaws fit_orthogonal(const Aggregate& data) {
  std::vector<const OrthogonalRun*> runs;
  for (const auto& run : data.orthogonal) runs.push_back(run.get());
  return {fit_trainings(runs), fit_gaps(runs),      fit_gap_decays(runs), compare_twins(runs),
          fit_rhos(runs),      isotropy_rows(runs), imbalance_rows(runs)};
}

}  // namespace memscale
