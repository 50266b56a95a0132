#include <cmath>
#include <optional>

#include "memscale/analysis/deterministic_fit.hpp"
#include "memscale/core/text.hpp"
#include "row_list.hpp"

namespace memscale {

namespace {

/// Nearly all are.
class ExactRows : public RowList {
 public:
  ExactRows(std::vector<LawRow>& all, std::string law, std::string key)
      : RowList(all, std::move(law), std::move(key), true) {}
};

RowList::Where where_of(const std::string& label, const Trial& t) {
  return {label, zipf_exponent(t), static_cast<double>(t.d), static_cast<double>(t.steps)};
}

/// Of what no fit stands behind.
Goodness points(std::int64_t count) {
  Goodness goodness;
  goodness.points = goodness.parameters = count;
  return goodness;
}

/// "slope", "slope, group 3"
std::string of_group(const char* parameter, std::int64_t group) {
  return parameter + (group == 0 ? std::string() : ", group " + to_text(group));
}

void add_trainings(const TrainingFits& trainings, LossDecay decay, ExactRows rows) {
  const char* slope = decay == LossDecay::power ? "slope" : "rate";
  for (const TrainingFit& fit : trainings.fits) {
    if (fit.decay != decay) continue;
    const RowList::Where where = where_of(fit.label, fit.run->trial);
    for (const DecayFit& one : fit.fits) {
      rows.add(where, of_group(slope, one.group), one.slope, one.goodness, one.log_factor);
      if (std::isfinite(one.amplitude.value))
        rows.add(where, of_group("amplitude", one.group), one.amplitude, points(1));
    }
    if (std::isfinite(fit.spread)) rows.add(where, "spread", plain_number(fit.spread, 0), points(1));
  }
}

void add_gaps(const GapFits& gaps, std::vector<LawRow>& all) {
  ExactRows exponents(all, "L(T) - L* = A T^-x at eta = c log(K)/T", "gap-steps");
  for (const GapFit& fit : gaps.fits) {
    const Trial& t = fit.run->trial;
    exponents.add({fit.label, zipf_exponent(t), static_cast<double>(t.d)}, "x", fit.exponent, fit.goodness,
                  fit.log_factor);
  }
  ExactRows local(all, "the same x from T to its double", "gap-steps-local");
  for (const GapFit& fit : gaps.fits)
    for (const GapSlope& slope : fit.local) {
      RowList::Where where = where_of(fit.label, fit.run->trial);
      where.steps = static_cast<double>(slope.to);
      local.add(where, "x, from T = " + to_text(slope.from), slope.exponent, slope.goodness);
    }
}

void add_gap_decays(const GapDecayFits& decays, std::vector<LawRow>& all) {
  ExactRows rows(all, "L(t) - L* = A (eta t)^-x at a constant eta", "gap-power");
  for (const GapDecayFit& fit : decays.fits)
    rows.add(where_of(fit.label, fit.run->trial), "x", fit.exponent, fit.goodness, fit.log_factor);
}

void add_twins(const TwinFits& twins, std::vector<LawRow>& all) {
  ExactRows rows(all, "L of tra-signgd = L of muon at twice its eta", "tra-signgd-muon");
  for (const TwinFit& fit : twins.fits) {
    RowList::Where where = where_of(fit.label, fit.tra->trial);
    if (fit.several_steps) where.steps = RowList::spans_several;
    rows.add(where, "largest |log ratio|", plain_number(fit.largest, 0), points(fit.steps));
  }
}

void add_rhos(const RhoFits& rhos, std::vector<LawRow>& all) {
  ExactRows values(all, "rho = min f where max f = 1 - eps, one step", "rho");
  for (const RhoPoint& point : rhos.points) {
    const RowList::Where where = where_of(point.label, point.run->trial);
    for (std::size_t e = 0; e < rho_epsilons.size(); ++e)
      if (std::isfinite(point.rho[e].value))
        values.add(where, "rho at eps = " + to_text(rho_epsilons[e]), point.rho[e], points(1));
  }
  ExactRows closed(all, "rho of gd = its closed form", "rho-closed-form");
  for (const RhoPoint& point : rhos.points)
    if (std::isfinite(point.off_closed_form))
      closed.add(where_of(point.label, point.run->trial), "largest difference", plain_number(point.off_closed_form, 0),
                 points(1));
  ExactRows exponents(all, "rho = A K^x, one step", "rho-d");
  for (const RhoFit& fit : rhos.fits)
    exponents.add({fit.label, zipf_exponent(fit.run->trial)}, "x at eps = " + to_text(fit.eps), fit.exponent,
                  fit.goodness, fit.log_factor);
}

void add_isotropy(const std::vector<IsotropyRow>& isotropy, std::vector<LawRow>& all) {
  ExactRows rows(all, "singular values s of one step's update", "isotropy");
  for (const IsotropyRow& row : isotropy) {
    const RowList::Where where = where_of(row.label, row.run->trial);
    rows.add(where, "smallest / largest, centered", row.condition, points(1));
    rows.add(where, "entropy", row.entropy, points(1));
    rows.add(where, "effective rank / K", row.rank_share, points(1));
  }
}

void add_imbalance(const std::vector<ImbalanceRow>& imbalance, ExactRows rows) {
  for (const ImbalanceRow& row : imbalance) {
    const RowList::Where where = where_of(row.label, row.run->trial);
    const auto count = static_cast<std::int64_t>(row.paths.front().loss.size());
    rows.add(where, "largest", row.largest, points(count));
    if (std::isfinite(row.at_half.value)) rows.add(where, "at L = log(K)/2", row.at_half, points(count));
  }
}

}  // namespace

void add_orthogonal_rows(const OrthogonalLaws& laws, std::vector<LawRow>& all) {
  add_trainings(laws.trainings, LossDecay::power, {all, "L = A (eta t)^slope", "loss-power"});
  add_trainings(laws.trainings, LossDecay::exponential, {all, "L = A exp(-rate eta t)", "loss-exponential"});
  add_gaps(laws.gaps, all);
  add_gap_decays(laws.gap_decays, all);
  add_twins(laws.twins, all);
  add_rhos(laws.rhos, all);
  add_isotropy(laws.isotropy, all);
  add_imbalance(laws.imbalance.sweeps, {all, "Delta = max f - min f, one step, over eta", "imbalance-sweep"});
  add_imbalance(laws.imbalance.trainings, {all, "Delta = max f - min f in training", "imbalance-training"});
}

}  // namespace memscale
