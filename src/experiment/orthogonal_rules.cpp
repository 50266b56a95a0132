#include "orthogonal_rules.hpp"

#include <cmath>

#include "trial_checks.hpp"

namespace memscale {

namespace {

void settle_frequencies(Trial& t) {
  if (t.frequencies == FrequencyKind::two_groups) {
    require(t.d >= 2, "d", t.d, "must be at least 2 for frequencies = two-groups");
    require(t.head_mass > 0 && t.head_mass < 1, "head-mass", t.head_mass, "must be between 0 and 1, both excluded");
    require(t.head_share > 0 && t.head_share < 1, "head-share", t.head_share, "must be between 0 and 1, both excluded");
    t.groups = 2;
    t.alpha = 0;
    return;
  }
  t.head_mass = t.head_share = 0;
  require(std::isfinite(t.alpha) && t.alpha >= 0 && t.alpha <= 20, "alpha", t.alpha, "must be between 0 and 20");
  if (t.groups == 0) t.groups = t.d;
  require(t.groups >= 1 && t.groups <= t.d && t.d % t.groups == 0, "groups", t.groups,
          "must divide d=" + to_text(t.d) + ", or be each: every item its own group");
}

/// Whether turning inputs and outputs turns the update likewise, so that the task basis does not matter.
bool is_equivariant(OptimizerKind optimizer) {
  return optimizer == OptimizerKind::gd || optimizer == OptimizerKind::ngd || optimizer == OptimizerKind::muon ||
         optimizer == OptimizerKind::tra_signgd;
}

/// What the state is held as, and what of the task basis is left to matter.
void settle_representation(Trial& t) {
  if (t.task_basis == TaskBasisKind::none) t.task_basis = TaskBasisKind::identity;
  const bool keeps_groups = is_equivariant(t.optimizer) || t.task_basis == TaskBasisKind::identity;
  const bool fits = t.groups <= largest_svd;
  if (t.representation == Representation::none || t.representation == Representation::automatic)
    t.representation = keeps_groups && fits ? Representation::reduced : Representation::dense;
  if (t.representation == Representation::reduced) {
    if (!keeps_groups)
      throw invalid("representation", "reduced",
                    "must be dense or auto for " + std::string(name_of(t.optimizer)) + " in task basis " +
                        std::string(name_of(t.task_basis)) + ", which breaks the groups' symmetry");
    require(fits, "groups", t.groups, "must be between 1 and 16384 for representation = reduced");
  } else {
    if (keeps_groups && !fits)
      require(t.d <= 65536, "groups", t.groups, "must be between 1 and 16384 where d is above 65536");
    require(t.d <= 65536, "d", t.d, "must be between 1 and 65536 for representation = dense");
  }
  if (t.representation == Representation::reduced || t.optimizer == OptimizerKind::tra_signgd)
    t.task_basis = TaskBasisKind::identity;
  if (t.task_basis == TaskBasisKind::coupled)
    require(t.d % 3 == 0, "d", t.d, "must be a multiple of 3 for the coupled task basis");
  if (t.task_basis == TaskBasisKind::haar)
    require(t.d <= largest_svd, "d", t.d, "must be between 1 and 16384 for the haar task basis");
  else
    t.seed = 0;  // nothing else is random
}

}  // namespace

void settle_orthogonal(Trial& t) {
  require(t.d >= 1 && t.d <= 100'000'000, "d", t.d, "must be between 1 and 100000000");
  t.items = t.d;
  require(t.kappa == 0, "kappa", t.kappa, "must be 0 for model = orthogonal");
  require(t.seed >= 0, "seed", t.seed, "must not be negative");
  require(std::isinf(t.batch) && t.batch > 0, "batch", t.batch, "must be inf for model = orthogonal");
  if (t.gradient != GradientKind::exact)
    throw invalid("gradient", name_of(t.gradient), "must be exact for model = orthogonal");
  if (t.optimizer == OptimizerKind::newton)
    throw invalid("optimizer", "newton", "must be another for model = orthogonal, whose Hessian at W = 0 is singular");
  if (t.optimizer == OptimizerKind::muon && t.orthogonalizer == Orthogonalizer::regularized)
    require(!std::isnan(t.lambda), "lambda", "auto", "must be a positive number for model = orthogonal");
  require(t.label_noise >= 0 && t.label_noise < 1, "label-noise", t.label_noise, "must be from 0 to below 1");
  if (t.label_noise == 0) t.label_noise = 0;
  settle_frequencies(t);
  settle_representation(t);
  t.loss_measure = LossMeasure::exact;  // each step's gradient comes with it
}

}  // namespace memscale
