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
  for (std::size_t i = 0; i < trials.size(); ++i) {
    // Bundle after bundle has the same kinds in the same order: a look at what followed the last one saves its id.
    const std::size_t guess = i == 0 ? 0 : (kind_.back() + 1) % kinds();
    const bool guessed = i > 0 && differ_in_seed_alone(trials[example_[guess]], trials[i]);
    kind_.push_back(guessed ? static_cast<std::uint32_t>(guess) : number(trials, i));
  }
  update(trials, model);
}

std::uint32_t TrialCosts::number(std::span<const Trial> trials, std::size_t trial) {
  Trial first = trials[trial];
  first.seed = 0;
  const auto [place, is_new] = kind_of_id_.try_emplace(trial_id(first), static_cast<std::uint32_t>(kinds()));
  if (is_new) example_.push_back(static_cast<std::uint32_t>(trial));
  return place->second;
}

void TrialCosts::add(std::span<const Trial> trials, const CostModel& model) {
  kind_.push_back(number(trials, trials.size() - 1));
  if (kinds() > seconds_.size()) seconds_.push_back(model.phases(trials.back()));
}

void TrialCosts::swap(std::size_t a, std::size_t b) {
  if (a == b) return;
  std::uint32_t &of_a = example_[kind_[a]], &of_b = example_[kind_[b]];
  const bool a_is = of_a == a, b_is = of_b == b;
  std::swap(kind_[a], kind_[b]);
  if (a_is) of_a = static_cast<std::uint32_t>(b);
  if (b_is) of_b = static_cast<std::uint32_t>(a);
}

void TrialCosts::update(std::span<const Trial> trials, const CostModel& model) {
  seconds_.resize(kinds());
  for (std::size_t kind = 0; kind < kinds(); ++kind) seconds_[kind] = model.phases(trials[example_[kind]]);
}

}  // namespace memscale
