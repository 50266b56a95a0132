#pragma once

#include <memory>

#include "memscale/optim/optimizer.hpp"
#include "memscale/optim/optimizer_options.hpp"

namespace memscale {

/// The optimizer that the options name: the only switch over optimizers.
std::unique_ptr<Optimizer> make_optimizer(const OptimizerOptions& options);

}  // namespace memscale
