#include "memscale/schedule/trial_costs.hpp"

#include <utility>

namespace memscale {

namespace {

bool differ_in_seed_alone(const Trial& a, Trial b) {
  b.seed = a.seed;
  return a == b;
}

}  // namespace

TrialCosts::TrialCosts(std::span<const Trial> trials, const CostModel& model) {
  kind_.reserve(trials.size());
  for (const Trial& trial : trials) {
    // Bundle after bundle has the same kinds in the same order: a look at what followed the last one saves its id.
    const std::size_t guess = kind_.empty() ? kinds_.size() : (kind_.back() + 1) % kinds_.size();
    const bool guessed = guess < kinds_.size() && differ_in_seed_alone(kinds_[guess], trial);
    kind_.push_back(guessed ? static_cast<std::uint32_t>(guess) : number(trial));
  }
  update(model);
}

std::uint32_t TrialCosts::number(const Trial& trial) {
  Trial first = trial;
  first.seed = 0;
  const auto [place, is_new] = kind_of_id_.try_emplace(trial_id(first), static_cast<std::uint32_t>(kinds_.size()));
  if (is_new) kinds_.push_back(trial);
  return place->second;
}

void TrialCosts::add(const Trial& trial, const CostModel& model) {
  kind_.push_back(number(trial));
  if (kinds_.size() > seconds_.size()) seconds_.push_back(model.phases(trial));
}

void TrialCosts::update(const CostModel& model) {
  seconds_.resize(kinds_.size());
  for (std::size_t kind = 0; kind < kinds_.size(); ++kind) seconds_[kind] = model.phases(kinds_[kind]);
}

}  // namespace memscale
