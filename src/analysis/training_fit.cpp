#include "memscale/analysis/training_fit.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "memscale/analysis/deterministic_fit.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr double power_share = 0.1;   // of log K, below which the power is looked for
constexpr double power_decades = 10;  // the last steps, by this factor
constexpr double small_loss = 1e-2;   // L = u - u^2/2 + ... in u = K exp(-eta t)
constexpr std::size_t fewest = 3;     // points of a fit

struct Method {
  LossDecay decay;
  double rate;  ///< of an exponential, in theory; NaN: unknown
};

std::optional<Method> method_of(const Trial& t) {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  switch (t.optimizer) {
    case OptimizerKind::gd:
      return Method{LossDecay::power, unknown};
    case OptimizerKind::muon:
      return Method{LossDecay::exponential, t.orthogonalizer == Orthogonalizer::svd && t.momentum == 0 ? 1 : unknown};
    case OptimizerKind::tra_signgd:
      return Method{LossDecay::exponential, 2};
    case OptimizerKind::signgd:  // there it is tra-signgd
      if (t.task_basis == TaskBasisKind::identity) return Method{LossDecay::exponential, 2};
      break;
    default:
      break;
  }
  return std::nullopt;
}

/// A loss after some steps; `scale` is K, or 1 / p_j, so that L = scale / (eta t).
struct Curve {
  std::int64_t group;
  double scale;
  std::vector<double> steps, loss;
};

std::vector<Curve> curves_of(const OrthogonalRun& run) {
  std::vector<Curve> curves{{0, run.items(), {}, run.trace.loss}};
  for (std::int64_t step : run.trace.steps) curves[0].steps.push_back(static_cast<double>(step));
  for (GroupCurve& of_group : group_curves(run))
    curves.push_back({of_group.group, 1 / of_group.p, std::move(of_group.steps), std::move(of_group.loss)});
  return curves;
}

/// The points of a fit, and what corrects it.
struct Window {
  std::vector<LawPoint> points;
  std::vector<std::vector<double>> corrections;
  double eta_t = 0, loss = 0;  ///< of the last

  void add(double x, double value, std::vector<double> further, double at) {
    points.push_back({x, std::log(value), 0, 1, {}});
    corrections.push_back(std::move(further));
    eta_t = at;
    loss = value;
  }
};

Window window_of(const Curve& curve, const OrthogonalRun& run, LossDecay decay) {
  const double eta = learning_rate(run.trial, 1);
  Window window;
  for (std::size_t k = 0; k < curve.steps.size(); ++k) {
    const double loss = curve.loss[k], eta_t = eta * curve.steps[k];
    if (!(loss > least_loss) || !std::isfinite(loss)) continue;
    if (decay == LossDecay::power) {
      if (loss < power_share * run.initial_loss() && curve.steps[k] * power_decades >= curve.steps.back())
        window.add(std::log(eta_t), loss, {1 / eta_t, std::log(eta_t) / eta_t}, eta_t);
    } else if (loss < small_loss) {
      window.add(eta_t, loss, {loss}, eta_t);
    }
  }
  return window;
}

/// Theory's rate holds up to log(K) / K, for the groups' updates are not quite alike.
void heed_size(Coefficient& rate, const OrthogonalRun& run) {
  if (rate.verdict == Verdict::not_consistent &&
      std::abs(rate.value - *rate.theory) <= run.initial_loss() / run.items())
    rate.verdict = Verdict::finite_size;
}

std::optional<DecayFit> fit_curve_of(const Curve& curve, const OrthogonalRun& run, const Method& method) {
  const Window window = window_of(curve, run, method.decay);
  if (window.points.size() < fewest) return std::nullopt;
  const bool power = method.decay == LossDecay::power;
  std::optional<double> theory;
  if (power) theory = -1;
  if (std::isfinite(method.rate)) theory = method.rate;
  auto line = plain_line(window.points, power ? 1 : -1, theory, window.corrections);
  if (!line) return std::nullopt;
  if (!power) heed_size(line->slope, run);
  DecayFit fit{curve.group, line->slope, line->intercept, line->goodness, {}};
  const double limit = (run.items() - 1) / run.items();
  if (power)
    fit.amplitude = plain_number(window.loss * window.eta_t / curve.scale, limit);
  else if (std::isfinite(method.rate))
    fit.amplitude = plain_number(window.loss * std::exp(method.rate * window.eta_t) / run.items(), limit);
  return fit;
}

double spread_of(const std::vector<Curve>& curves) {
  double found = std::numeric_limits<double>::quiet_NaN();
  if (curves.size() < 3) return found;  // the whole, and one group
  for (std::size_t k = 0; k < curves[1].steps.size(); ++k) {
    double low = std::numeric_limits<double>::infinity(), high = 0;
    for (std::size_t c = 1; c < curves.size(); ++c) {
      low = std::min(low, curves[c].loss[k]);
      high = std::max(high, curves[c].loss[k]);
    }
    if (low > least_loss && std::isfinite(high)) found = std::log(high / low);
  }
  return found;
}

std::string no_law(const RunGroup& group, LossDecay decay) {
  const std::string why =
      decay == LossDecay::power
          ? "fewer than three of the last decade's recorded steps have a loss below a tenth of log K"
          : "fewer than three recorded steps have a loss between 1e-12 and 0.01";
  return run_name(group.label, group.trial()) + ": no law of the loss against eta t, " + why;
}

}  // namespace

bool has_constant_eta(const Trial& t) {
  return t.eta_growth == 1 && t.eta_growth_scale == EtaScale::absolute;
}

TrainingFits fit_trainings(std::span<const OrthogonalRun* const> runs) {
  std::vector<const OrthogonalRun*> fitted;
  for (const OrthogonalRun* run : runs)
    if (run->trial.steps > 1 && run->trial.label_noise == 0 && has_constant_eta(run->trial) && method_of(run->trial))
      fitted.push_back(run);
  TrainingFits found;
  for (const RunGroup& group : group_runs(fitted, {"seed"})) {
    const OrthogonalRun& run = *group.runs.front();
    const Method method = *method_of(run.trial);
    TrainingFit fit{group.label, &run, method.decay, method.rate, {}};
    const std::vector<Curve> curves = curves_of(run);
    for (const Curve& curve : curves)
      if (auto of_curve = fit_curve_of(curve, run, method)) fit.fits.push_back(std::move(*of_curve));
    if (fit.fits.empty()) {
      found.notes.push_back(no_law(group, method.decay));
      continue;
    }
    if (method.decay == LossDecay::exponential) fit.spread = spread_of(curves);
    found.fits.push_back(std::move(fit));
  }
  return found;
}

}  // namespace memscale
