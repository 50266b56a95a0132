#pragma once

#include <limits>
#include <string>
#include <type_traits>

namespace memscale {

/// What rank 0 tells every rank of a run before its first trial.
struct RunSettings {
  double timeout = std::numeric_limits<double>::infinity();  ///< see TrialControl
  double checkpoint_seconds = 600;                           ///< see TrialControl
  std::string store;                                         ///< where checkpoints go; empty: none are made
};

template <class T, class F>
requires std::is_same_v<std::remove_const_t<T>, RunSettings>
void for_each_field(T& settings, F&& f) {
  f("timeout", settings.timeout);
  f("checkpoint_seconds", settings.checkpoint_seconds);
  f("store", settings.store);
}

}  // namespace memscale
