#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "memscale/core/bytes.hpp"
#include "memscale/experiment/result.hpp"

namespace memscale {

inline Trial small_trial(OptimizerKind optimizer, double alpha = 1.5, std::int64_t seed = 1) {
  Trial trial;
  trial.d = 12;
  trial.items = 400;
  trial.alpha = alpha;
  trial.seed = seed;
  trial.optimizer = optimizer;
  trial.ridge = 1e-8;
  trial.beta1 = 0.9;
  trial.beta2 = 0.99;
  trial.epsilon = 1e-8;
  if (optimizer == OptimizerKind::adam) trial.steps = 3;
  trial.spectra_measure = SpectraMeasure::final;
  return canonical(trial);
}

inline Trial small_trial(OptimizerKind optimizer, const std::function<void(Trial&)>& change) {
  Trial trial = small_trial(optimizer);
  change(trial);
  return canonical(trial);
}

/// All bits, so that a NaN equals itself.
template <class Fields>
std::vector<std::byte> bytes_of(const Fields& fields) {
  ByteWriter out;
  encode(out, fields);
  return out.bytes();
}

inline bool same(const Record& a, const Record& b) {
  return bytes_of(a.result) == bytes_of(b.result) && bytes_of(a.trace) == bytes_of(b.trace) && a.recall == b.recall;
}

}  // namespace memscale
