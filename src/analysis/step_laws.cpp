#include "memscale/analysis/step_laws.hpp"

#include <algorithm>

#include "append.hpp"
#include "memscale/core/thread_team.hpp"

namespace memscale {

namespace {

/// How the curves of each kind of law are resampled, which their number decides.
struct LawResamples {
  Resamples steps, losses;
};

LawResamples resamples_for(const std::vector<StepSweep>& sweeps, const FitOptions& options) {
  std::size_t against_steps = 0, losses = 0;  // at the most
  for (const StepSweep& sweep : sweeps) {
    if (has_several_steps(*sweep.group)) ++against_steps;
    if (sweep.by_steps.size() >= fewest_loss_steps) losses += sweep.by_steps.begin()->second.size();
  }
  const auto replicates = static_cast<std::size_t>(options.resamples);
  return {resamples_of(replicates, against_steps), resamples_of(replicates, losses)};
}

StepLaws fit_sweep(const StepSweep& sweep, const SeedBootstrap& bootstrap, const FitOptions& options,
                   const LawResamples& resamples) {
  StepLaws laws;
  std::vector<std::string> left_out;
  const std::vector<StepPoint> points = step_points(sweep, usable_cells(sweep, options, left_out), bootstrap);
  const bool has_loss =
      std::any_of(points.begin(), points.end(), [](const StepPoint& p) { return p.loss.has_value(); });
  if (has_several_steps(*sweep.group)) laws.steps = fit_steps(sweep, points, resamples.steps);
  if (has_loss) laws.losses = fit_losses(sweep, points, resamples.losses);
  laws.steps.notes.insert(laws.steps.notes.begin(), left_out.begin(), left_out.end());
  return laws;
}

}  // namespace

StepLaws fit_step_laws(const Aggregate& data, const SeedBootstrap& bootstrap, const FitOptions& options) {
  const std::vector<FamilyGroup> groups = families_along(data, "steps");
  const std::vector<StepSweep> sweeps = step_sweeps(groups);
  const LawResamples resamples = resamples_for(sweeps, options);
  std::vector<StepLaws> parts(sweeps.size());
  ThreadTeam(options.threads).run(parts.size(), [&](std::size_t i, int) {
    parts[i] = fit_sweep(sweeps[i], bootstrap, options, resamples);
  });
  StepLaws all;
  for (StepLaws& part : parts) {
    append(all.steps.fits, part.steps.fits);
    append(all.steps.notes, part.steps.notes);
    append(all.losses.items, part.losses.items);
    append(all.losses.steps, part.losses.steps);
    append(all.losses.notes, part.losses.notes);
  }
  return all;
}

}  // namespace memscale
