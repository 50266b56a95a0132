#include <cmath>

#include "memscale/analysis/laws.hpp"
#include "row_list.hpp"

namespace memscale {

namespace {

constexpr double spans_several = RowList::spans_several;

void add_scaling(const ScalingFit& fit, std::vector<LawRow>& all) {
  RowList exponents(all, "capacity = A d^C", "capacity-d"), laws(all, "C = c1 + c2 / alpha", "exponent-alpha");
  for (const FamilyFit& family : fit.families)
    for (const Exponent& e : family.exponents)
      exponents.add({family.label, e.alpha}, "C", e.c, e.goodness, e.log_factor);
  for (const FamilyFit& family : fit.families) {
    if (!family.law) continue;
    laws.add({family.label}, "c1", family.law->c1, family.law->goodness);
    laws.add({family.label}, "c2", family.law->c2, family.law->goodness);
  }
}

void add_batches(const BatchFits& batches, std::vector<LawRow>& all) {
  RowList crossovers(all, "capacity = smooth min{plateau, plateau (B / B*)^g}", "capacity-batch");
  RowList critical(all, "B* = A d^s", "critical-batch-d");
  for (const BatchFit& fit : batches.fits)
    for (const Crossover& c : fit.crossovers) {
      const RowList::Where where{fit.label, fit.alpha, static_cast<double>(c.d)};
      crossovers.add(where, "g", c.branch, c.goodness);
      crossovers.add(where, "plateau", c.plateau, c.goodness);
      crossovers.add(where, "B*", c.critical, c.goodness);
    }
  for (const BatchFit& fit : batches.fits)
    if (fit.critical_exponent)
      critical.add({fit.label, fit.alpha}, "s", *fit.critical_exponent, fit.critical_goodness, fit.critical_log_factor);
}

void add_steps(const StepsFits& steps, std::vector<LawRow>& all) {
  RowList exponents(all, "capacity after T steps = A d^C", "capacity-d-steps");
  RowList laws(all, "C = limit - gap ratio^T", "exponent-steps");
  for (const StepsFit& fit : steps.fits)
    for (const StepExponent& e : fit.exponents)
      exponents.add({fit.label, fit.alpha, spans_several, static_cast<double>(e.steps)}, "C", e.c, e.goodness);
  for (const StepsFit& fit : steps.fits) {
    if (!fit.limit || !fit.ratio) continue;
    laws.add({fit.label, fit.alpha}, "limit", *fit.limit, fit.goodness);
    laws.add({fit.label, fit.alpha}, "ratio", *fit.ratio, fit.goodness);
  }
}

void add_losses(const LossFits& losses, std::vector<LawRow>& all) {
  RowList items(all, "loss = A capacity^slope", "loss-capacity");
  RowList steps(all, "loss = floor + A T^-rate", "loss-steps");
  for (const LossItemsFit& fit : losses.items)
    items.add({fit.label, fit.alpha}, "slope", fit.slope, fit.goodness, fit.log_factor);
  for (const LossStepsFit& fit : losses.steps) {
    const RowList::Where where{fit.label, fit.alpha, static_cast<double>(fit.d)};
    steps.add(where, "rate", fit.rate, fit.goodness, std::log(fit.factor));
    if (fit.floor.value > 0) steps.add(where, "floor", fit.floor, fit.goodness);
  }
}

}  // namespace

std::vector<LawRow> law_rows(const Laws& laws) {
  std::vector<LawRow> all;
  add_scaling(laws.scaling, all);
  add_batches(laws.batches, all);
  add_steps(laws.steps, all);
  add_losses(laws.losses, all);
  add_orthogonal_rows(laws.orthogonal, all);
  return all;
}

}  // namespace memscale
