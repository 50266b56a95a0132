#include "memscale/analysis/laws.hpp"

#include <set>
#include <utility>

#include "memscale/analysis/step_laws.hpp"

namespace memscale {

std::vector<std::string> Laws::notes() const {
  std::vector<std::string> all;
  std::set<std::string> told;  // a cell may be left out of several laws
  const std::vector<std::string> of_orthogonal = orthogonal.notes();
  for (const auto* notes : {&scaling.notes, &batches.notes, &steps.notes, &losses.notes, &of_orthogonal})
    for (const std::string& note : *notes)
      if (told.insert(note).second) all.push_back(note);
  return all;
}

Laws fit_laws(const Aggregate& data, const FitOptions& options) {
  const SeedBootstrap bootstrap(data, options.resamples);
  Laws laws;
  laws.options = options;
  laws.scaling = fit_scaling(data, bootstrap, options);
  laws.batches = fit_batches(data, bootstrap, options);
  StepLaws of_steps = fit_step_laws(data, bootstrap, options);
  laws.steps = std::move(of_steps.steps);
  laws.losses = std::move(of_steps.losses);
  laws.orthogonal = fit_orthogonal(data);
  return laws;
}

}  // namespace memscale
