#pragma once

#include <memory>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// What consecutive trials of a rank share: embeddings of the last (d, items, kappa, seed), the population gradient of
/// the last alpha. Affects speed alone, never a result. One thread at a time.
class Workspace {
 public:
  Workspace();
  ~Workspace();
  Workspace(Workspace&&) noexcept;
  Workspace& operator=(Workspace&&) noexcept;

  struct Cache;
  Cache& cache() { return *cache_; }

 private:
  std::unique_ptr<Cache> cache_;
};

/// Runs a canonical trial. An exception in it becomes a record with status `failed` and its message. Cost::rank and
/// Cost::host are left to the caller.
Record run_trial(const Trial& trial, Workspace& workspace);

}  // namespace memscale
