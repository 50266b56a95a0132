#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "memscale/experiment/simulation.hpp"
#include "memscale/optim/optimizer.hpp"

namespace memscale {

/// A trial between two steps, or between the last one and what is measured then.
struct Checkpoint {
  Cost cost;                             ///< up to here
  Trace trace;                           ///< of the steps done, one at least
  std::unique_ptr<Optimizer> optimizer;  ///< after them
  Recovery recovery;                     ///< of `weights`
  Matrix weights;                        ///< W, (d, d)
  /// Of the last of the steps, (d, d), where the trial is trained; empty where others follow, which make their own.
  Matrix weights_before, gradient, update;
};

/// Whether a trial whose steps so far ended well has no other: it has taken all, or its capacity grew by less than
/// stop_growth over the last stop_window steps.
bool is_trained(const Trial& trial, const Trace& trace);

/// The bytes of a trial of which at least one step is done and all ended well. `optimizer` is in its state after them.
std::vector<std::byte> encode_checkpoint(const Trial& trial, const Simulation& run, const Optimizer& optimizer,
                                         const Cost& cost);

/// What encode_checkpoint wrote; nothing if the bytes are damaged, or another trial's or format's. Throws
/// std::bad_alloc.
std::optional<Checkpoint> decode_checkpoint(const Trial& trial, std::span<const std::byte> bytes);

/// The trial's optimizer before its first step.
std::unique_ptr<Optimizer> optimizer_of(const Trial& trial);

}  // namespace memscale
