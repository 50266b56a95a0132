#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "memscale/schedule/cost_model.hpp"

namespace memscale::bench {

/// How the seconds of alike trials differ, their mean being 1.
enum class Spread { lognormal, pareto };

/// Pareto's exponent: of the trials, a part x^-2 takes more than x / 2 times the mean; the variance is infinite.
inline constexpr double pareto_exponent = 2;

/// The seconds of a one-step trial.
struct TrialSeconds {
  double embeddings = 0;      ///< where no trial of the bundle came before
  double first_gradient = 0;  ///< where none of the same alpha and batch did
  double update = 0, capacity = 0, measures = 0;

  double rest() const { return update + capacity + measures; }
  double total() const { return embeddings + first_gradient + rest(); }
};

/// Mean seconds of real one-step trials with the population gradient, by d.
class MeasuredCosts {
 public:
  /// Runs these trials, of several of each method and d, on the calling thread; seconds are of its CPU time.
  explicit MeasuredCosts(const std::vector<Trial>& trials);
  /// What to_json has written.
  explicit MeasuredCosts(const nlohmann::json& written);
  nlohmann::json to_json() const;

  /// Of a trial of a measured method and d.
  const TrialSeconds& of(const Trial& trial) const { return seconds_.at({method_name(trial), trial.d}); }
  /// Of the logarithm of seconds within a method and d, on average.
  double deviation() const { return deviation_; }

 private:
  using Key = std::pair<std::string, std::int64_t>;

  std::map<Key, TrialSeconds> seconds_;
  double deviation_ = 0;
};

/// What simulated trials cost: what real ones took, times a factor that no one can know before.
class TrueCosts {
 public:
  /// `deviation`: of the logarithm of lognormal factors.
  TrueCosts(const MeasuredCosts& measured, Spread spread, double deviation)
      : measured_(measured), spread_(spread), deviation_(deviation) {}

  /// A function of the trial alone.
  TrialSeconds of(const Trial& trial) const;

  struct Bound {
    double total = 0;    ///< seconds of all trials, embeddings and first gradients made once for all that share them
    double longest = 0;  ///< seconds of the longest trial, with its own embeddings
  };
  Bound bound(const std::vector<Trial>& trials) const;

 private:
  double factor(std::uint64_t id) const;

  const MeasuredCosts& measured_;
  Spread spread_;
  double deviation_;
};

}  // namespace memscale::bench
