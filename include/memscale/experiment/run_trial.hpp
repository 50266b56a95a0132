#pragma once

#include <memory>

#include "memscale/core/thread_team.hpp"
#include "memscale/experiment/result.hpp"

namespace memscale {

/// What consecutive trials of a rank share: threads; embeddings and competitors of the last (d, items, kappa, seed);
/// the first step's batch, gradient and its singular value decomposition for the last (alpha, batch). Affects speed
/// alone, never a result. One caller at a time.
class Workspace {
 public:
  explicit Workspace(int threads = 1);
  ~Workspace();
  Workspace(Workspace&&) noexcept;
  Workspace& operator=(Workspace&&) noexcept;

  struct Cache;
  Cache& cache() { return *cache_; }
  ThreadTeam& team() { return *team_; }
  /// Forgets everything but the threads.
  void clear();

 private:
  std::unique_ptr<ThreadTeam> team_;
  std::unique_ptr<Cache> cache_;
};

/// Runs a canonical trial. An exception in it becomes a record with status `failed` and its message. Cost::rank and
/// Cost::host are left to the caller.
Record run_trial(const Trial& trial, Workspace& workspace);

}  // namespace memscale
