#pragma once

#include <string>

#include "folder.hpp"
#include "memscale/core/thread_team.hpp"
#include "memscale/model/batch.hpp"
#include "memscale/model/competitors.hpp"
#include "memscale/model/gaussian_memory.hpp"

namespace memscale::bench {

/// A memory after its first Muon step with eta = sqrt(d) on the population gradient at alpha = 1.5: what both the
/// capacity check and the softmax of the next step meet.
struct Inputs {
  GaussianMemory memory;
  Vector p;
  Vector output_mean;
  Matrix weights;  ///< (d, d), sqrt(d) msgn(G(0))
  Competitors competitors;
};

inline constexpr double alpha = 1.5;

Inputs make_inputs(std::int64_t d, std::int64_t items, ThreadTeam& team);

/// `rows` items of the population, spread evenly over the ranks, with their q = p.
Batch spread_batch(const Vector& p, std::int64_t rows);

/// Files of `folder` for the companions.
void write_inputs(const Folder& folder, const Inputs& inputs);
void write_batch(const Folder& folder, const std::string& name, const Batch& batch);

}  // namespace memscale::bench
