#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "memscale/analysis/goodness.hpp"
#include "memscale/analysis/run_group.hpp"
#include "memscale/analysis/verdict.hpp"

namespace memscale {

/// How the loss falls in a training without label noise and at a constant learning rate eta, arXiv 2602.05725:
/// gd L = K / (eta t) and L_j = 1 / (p_j eta t), muon L = K exp(-eta t), tra-signgd K exp(-2 eta t).
enum class LossDecay { power, exponential };

/// Of the whole loss, or of one group's.
struct DecayFit {
  std::int64_t group = 0;  ///< 0: the whole
  /// power: d log L / d log(eta t), over the last decade of steps as far as L is below a tenth of log K. exponential:
  /// -d log L / d(eta t), where L is between 1e-12 and 1e-2. Corrected: with terms in 1 / t and log(t) / t,
  /// as 1/L + log(1/L) grows like t; or with one in L itself.
  Coefficient slope;
  double log_factor = 0;
  Goodness goodness;
  /// At the last step of the fit: L eta t / K, p_j eta t L_j, or L exp(rate eta t) / K with theory's rate; tends to
  /// (K - 1) / K.
  Coefficient amplitude;
};

struct TrainingFit {
  std::string label;
  const OrthogonalRun* run = nullptr;
  LossDecay decay = LossDecay::power;
  double rate = std::numeric_limits<double>::quiet_NaN();  ///< theory's, of an exponential
  std::vector<DecayFit> fits;                              ///< the whole loss first
  /// exponential: log(largest L_j / smallest), at the last step where all are above 1e-12; NaN for one group.
  double spread = std::numeric_limits<double>::quiet_NaN();
};

struct TrainingFits {
  std::vector<TrainingFit> fits;
  std::vector<std::string> notes;
};

/// Losses below it are rounding.
inline constexpr double least_loss = 1e-12;

/// Whether eta stays what it is.
bool has_constant_eta(const Trial& trial);

/// Of gd; of muon, tra-signgd and, in the identity basis, signgd. Of trials that differ in their seed the first.
TrainingFits fit_trainings(std::span<const OrthogonalRun* const> runs);

}  // namespace memscale
