#include <algorithm>
#include <cmath>
#include <string_view>
#include <type_traits>
#include <utility>

#include "memscale/schedule/cost_model.hpp"

namespace memscale {

namespace {

constexpr double slow_rate = 5e-10;        // seconds a flop of an unknown core: 2 GFLOP/s
constexpr double slow_overhead = 1e-4;     // seconds a trial
constexpr double unknown_deviation = 0.7;  // of log seconds: off by a factor of two is usual
constexpr double largest_ratio = 10;       // of actual to expected seconds that is believed
constexpr std::size_t enough = 5;          // trials, before anything is held against them

/// Whether a phase left its share to an earlier trial of the bundle: its timer then ran around a look-up.
bool was_shared(double seconds, double expected) {
  return seconds < 0.02 * expected;
}

}  // namespace

CostModel::Flops CostModel::flops_of(const Trial& trial) {
  const CostEstimate cost = estimate_cost(trial);
  return {cost.embeddings, cost.first_gradient, cost.gradients, cost.update, cost.capacity, cost.measures};
}

/// Trials of one key have phases of one rate: the same method with matrices of the same size.
std::uint64_t CostModel::key_of(const Trial& t, std::int64_t size) {
  const auto code = [](auto value) { return static_cast<std::uint64_t>(value); };
  return code(size) << 24 | code(t.optimizer) << 16 | code(t.orthogonalizer) << 12 | code(t.ns_coefficients) << 8 |
         code(t.label_noise > 0) << 5 | code(t.gradient) << 4 | code(t.representation) << 1 | code(t.steps > 1);
}

double CostModel::rate(const Rates* own, const Rates* of_method, std::size_t phase) const {
  for (const Rates* rates : {own, of_method, &all_})
    if (rates && rates->phases[phase].flops > 0) return rates->phases[phase].seconds / rates->phases[phase].flops;
  // A phase not seen yet: as fast as those that were.
  Rate sum;
  for (const Rate& seen : all_.phases) {
    sum.seconds += seen.seconds;
    sum.flops += seen.flops;
  }
  return sum.flops > 0 ? sum.seconds / sum.flops : slow_rate;
}

/// Seconds of each phase that a trial of these `flops` takes if it takes all its steps.
CostModel::Flops CostModel::expected(const Trial& trial, const Flops& flops, const Rates* own,
                                     const Rates* of_method) const {
  double steps = 1;
  if (trial.stop_growth > 0)
    for (const Rates* rates : {&all_, own})
      if (rates && rates->steps.flops > 0) steps = rates->steps.seconds / rates->steps.flops;
  Flops seconds = flops;
  for (std::size_t phase = 0; phase < phase_count; ++phase)
    if (flops[phase] > 0)
      seconds[phase] *= rate(own, of_method, phase) *
                        (phase == embeddings || phase == first_gradient || phase == measures ? 1 : steps);
  return seconds;
}

CostModel::Seconds CostModel::phases(const Trial& trial) const {
  const auto find = [&](std::int64_t size) {
    const auto found = rates_.find(key_of(trial, size));
    return found == rates_.end() ? nullptr : &found->second;
  };
  const Flops each = expected(trial, flops_of(trial), find(matrix_size(trial)), find(0));
  const double overhead = learnt_ > 0 ? overhead_ : slow_overhead;
  return {each[embeddings], each[first_gradient],
          each[gradients] + each[update] + each[capacity] + each[measures] + overhead};
}

void CostModel::learn(const Record& record, int ranks) {
  if (record.result.status == TrialStatus::failed || record.result.steps_done < 1) return;
  if (ranks == 1) return learn(record.trial, record.result.steps_done, record.cost);
  // What one rank would have taken.
  const double divided = divisible_share(record.trial);
  const double alone = 1 / (1 - divided + divided / ranks);
  Cost cost = record.cost;
  for_each_field(cost, [&]<class T>(const char* name, T& value) {
    if constexpr (std::is_same_v<T, double>)
      if (std::string_view(name).starts_with("seconds")) value *= alone;
  });
  learn(record.trial, record.result.steps_done, cost);
}

void CostModel::learn(const Trial& trial, std::int64_t steps_done, const Cost& cost) {
  Rates &own = rates_[key_of(trial, matrix_size(trial))], &of_method = rates_[key_of(trial, 0)];
  Flops flops = flops_of(trial);
  const Flops expected_seconds = expected(trial, flops, &own, &of_method);
  const double done = static_cast<double>(steps_done) / static_cast<double>(trial.steps);
  for (std::size_t phase : {gradients, update, capacity}) flops[phase] *= done;

  const bool shared_embeddings = was_shared(cost.seconds_embeddings, expected_seconds[embeddings]);
  const bool later_gradients = flops[gradients] > 0;
  Flops seconds{};
  seconds[embeddings] = shared_embeddings ? 0 : cost.seconds_embeddings;
  // One timer for both: the first gradient counts as work of the phase that has more.
  const bool shared_first = !later_gradients && was_shared(cost.seconds_gradient, expected_seconds[first_gradient]);
  (later_gradients ? seconds[gradients] : seconds[first_gradient]) = shared_first ? 0 : cost.seconds_gradient;
  seconds[update] = cost.seconds_update;
  seconds[capacity] = cost.seconds_capacity;
  seconds[measures] = cost.seconds_measures;
  if (shared_embeddings) flops[embeddings] = 0;
  if (shared_first || later_gradients) flops[first_gradient] = 0;

  double known = 0, predicted = 0;
  for (std::size_t phase = 0; phase < phase_count; ++phase) {
    known += seconds[phase];
    if (flops[phase] > 0) predicted += expected_seconds[phase];
  }
  const double outside = std::max(0.0, cost.seconds - cost.seconds_embeddings - cost.seconds_gradient -
                                           cost.seconds_update - cost.seconds_capacity - cost.seconds_measures);
  const double actual = known + outside;
  double counted = 1;
  if (learnt_ > 0 && actual > 0 && predicted > 0) {
    // A trial that stood still (a suspended job, a laptop asleep) must not be all that is known.
    const double expected_all = predicted + overhead_;
    const double log_ratio =
        std::clamp(std::log(actual / expected_all), -std::log(largest_ratio), std::log(largest_ratio));
    if (learnt_ >= enough) counted = std::min(1.0, largest_ratio * expected_all / actual);
    squares_ += expected_all * log_ratio * log_ratio;
    square_weight_ += expected_all;
  }
  ++learnt_;
  overhead_ += (counted * outside - overhead_) / static_cast<double>(learnt_);
  for (Rates* rates : {&all_, &of_method, &own}) {
    for (std::size_t phase = 0; phase < phase_count; ++phase) {
      rates->phases[phase].seconds += counted * seconds[phase];
      rates->phases[phase].flops += flops[phase];
    }
    if (trial.stop_growth > 0) {
      rates->steps.seconds += static_cast<double>(steps_done);
      rates->steps.flops += static_cast<double>(trial.steps);
    }
  }
}

double CostModel::deviation() const {
  if (learnt_ <= enough || square_weight_ == 0) return unknown_deviation;
  return std::sqrt(squares_ / square_weight_);
}

double CostModel::spread() const {
  constexpr double quantile = 1.645;  // 95 % of a normal distribution, one-sided
  return std::exp(quantile * deviation());
}

}  // namespace memscale
