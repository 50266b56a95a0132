#include "pauses.hpp"

#include <new>
#include <system_error>
#include <vector>

namespace memscale {

Pauses::Pauses(const Trial& trial, const TrialControl& control, CostClock& clock)
    : trial_(trial), control_(control), clock_(clock), saved_(Clock::now()) {}

std::optional<Checkpoint> Pauses::load() {
  if (trial_.steps == 1 || !control_.checkpoints) return std::nullopt;
  const auto bytes = control_.checkpoints->load(trial_id(trial_));
  if (!bytes) return std::nullopt;
  std::optional<Checkpoint> checkpoint = decode_checkpoint(trial_, *bytes);
  if (checkpoint) clock_.add_earlier(checkpoint->cost);
  return checkpoint;
}

bool Pauses::go_on(const Simulation& run, const Optimizer& optimizer) {
  if (trial_.steps == 1) return true;
  const bool stops = control_.interrupted && control_.interrupted();
  const std::chrono::duration<double> unsaved = Clock::now() - saved_;
  if (control_.checkpoints && run.result.steps_done > 0 && (stops || unsaved.count() >= control_.checkpoint_seconds))
    save(run, optimizer);
  return !stops;
}

void Pauses::save(const Simulation& run, const Optimizer& optimizer) {
  try {
    control_.checkpoints->save(trial_id(trial_), encode_checkpoint(trial_, run, optimizer, clock_.cost()));
  } catch (const std::system_error&) {
    // The disk is full, say: the trial goes on, and what was saved before still counts.
  } catch (const std::bad_alloc&) {
    // No memory for a copy of W: the same.
  }
  saved_ = Clock::now();
}

}  // namespace memscale
