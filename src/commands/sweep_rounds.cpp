#include <algorithm>
#include <cmath>
#include <utility>

#include "memscale/commands/say.hpp"
#include "memscale/commands/sweep.hpp"
#include "memscale/commands/time_text.hpp"
#include "memscale/core/text.hpp"

// The rounds of a sweep that adds seeds until its intervals are narrow enough.

namespace memscale {

namespace {

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + ' ' + noun + (count == 1 ? "" : "s");
}

/// "C of gd alpha=3: +-0.061"
std::string miss_text(const SeedVerdict::Miss& miss) {
  if (!miss.exists) return miss.name + ": no usable capacity at enough d";
  return miss.name + ": " + (std::isfinite(miss.half_width) ? "+-" + brief_text(miss.half_width) : "no interval");
}

std::string targets_text(const CiTargets& targets) {
  std::string text;
  for (const auto& [name, value] :
       {std::pair("C", targets.c), std::pair("c1", targets.c1), std::pair("c2", targets.c2)})
    if (value < CiTargets::any_width) text += (text.empty() ? "" : ", ") + std::string(name) + " +-" + to_text(value);
  return text;
}

/// The worst of what missed its target.
std::string misses_text(const std::vector<SeedVerdict::Miss>& missed) {
  constexpr std::size_t most = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, missed.size()); ++i) text += (i == 0 ? "" : "; ") + miss_text(missed[i]);
  return missed.size() > most ? text + "; and " + std::to_string(missed.size() - most) + " more" : text;
}

}  // namespace

bool Sweep::plan_round(Job& round) {
  try_to([&] {
    round.trials = rounds_->next(store_.find_all(rounds_->ids(), {.trace = false, .recall = false, .cost = false}));
  });
  for (const Trial& trial : round.trials) round.ids.push_back(trial_id(trial));
  return !round.trials.empty();
}

bool Sweep::begin_round() {
  if (!rounds_ || scheduler_.remaining() > 0) return false;
  do {
    Job round;
    round.policy = policy_;
    if (!plan_round(round)) return false;
    const std::size_t trials = round.trials.size();
    MissingTrials missing = take_missing(round, store_, attempts_, tally_);
    const std::vector<Record> quarantined = std::move(missing.quarantined);
    scheduler_ = make_scheduler(std::move(missing), policy_, ranks_.ranks, scheduler_.model());
    const std::size_t stored = trials - scheduler_.remaining() - quarantined.size();
    trials_ += trials;
    to_run_ += scheduler_.remaining();
    progress_.add(trials, stored);
    tell_round(trials, stored);
    keep(quarantined);
  } while (scheduler_.remaining() == 0);  // the store has the rounds of earlier runs
  return ending_.empty();
}

/// "round 2: 9 of 12 intervals are wider than the target, widest C of gd alpha=3: +-0.061; 148 trials more"
void Sweep::tell_round(std::size_t trials, std::size_t stored) {
  const SeedVerdict& verdict = rounds_->verdict();
  std::string line = "round " + std::to_string(rounds_->rounds()) + ": " + std::to_string(verdict.missed.size()) +
                     " of " + counted(verdict.intervals, "interval") + (verdict.intervals == 1 ? " is" : " are") +
                     " wider than the target, widest ";
  const auto widest =
      std::find_if(verdict.missed.begin(), verdict.missed.end(), [](const auto& m) { return m.exists; });
  line += miss_text(widest == verdict.missed.end() ? verdict.missed.front() : *widest);
  line += "; " + counted(trials, "trial") + " more";
  if (stored > 0) line += ", " + std::to_string(stored) + " of them stored";
  tell(line);
}

void Sweep::tell_targets() const {
  const SeedVerdict& verdict = rounds_->verdict();
  const std::string after = " after " + counted(rounds_->rounds(), "round") + ": ";
  if (verdict.intervals == 0)
    say("target missed: no trial has a result");
  else if (verdict.missed.empty())
    say("target met" + after + targets_text(policy_.target_ci));
  else
    say("target missed" + after + std::to_string(verdict.missed.size()) + " of " +
        counted(verdict.intervals, "interval") + ", with at most " + to_text(verdict.most_seeds) +
        " seeds a cell: " + misses_text(verdict.missed));
  if (verdict.left_out > 0)
    say(counted(verdict.left_out, "cell") + " of " + std::to_string(verdict.cells) +
        " left out of the intervals: trials failed, or the fit leaves such capacities out (memscale-fit names them)");
  const bool all_exist =
      std::all_of(verdict.missed.begin(), verdict.missed.end(), [](const auto& miss) { return miss.exists; });
  const std::string uniform = !all_exist ? std::string("more seeds alone would not do")
                              : verdict.uniform
                                  ? to_text(*verdict.uniform) + " seeds of every cell would take " +
                                        std::to_string(static_cast<std::size_t>(*verdict.uniform) * verdict.cells)
                                  : "even " + to_text(verdict.most_seeds) + " seeds of every cell would not do";
  say(counted(trials_, "trial") + ", " + std::to_string(rounds_->added()) + " of them added by rounds; " + uniform);
}

}  // namespace memscale
