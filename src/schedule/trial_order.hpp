#pragma once

#include <cstddef>
#include <vector>

#include "memscale/experiment/trial.hpp"

namespace memscale {

/// Whether the two need the same embeddings: equal bundle_key.
bool share_embeddings(const Trial& a, const Trial& b);
/// Whether these two of one bundle begin with the same batch and gradient.
bool share_first_step(const Trial& a, const Trial& b);

/// Trials sorted bundle by bundle, in the order in which the bundles first occur; within one those of equal alpha and
/// batch stand together. Longest first among these and within them, by their estimated flops.
std::vector<Trial> arranged(std::vector<Trial> trials);

}  // namespace memscale
