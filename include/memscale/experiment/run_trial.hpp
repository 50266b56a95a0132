#pragma once

#include <memory>
#include <optional>

#include "memscale/core/rank_group.hpp"
#include "memscale/core/thread_team.hpp"
#include "memscale/experiment/result.hpp"
#include "memscale/experiment/trial_control.hpp"

namespace memscale {

/// What consecutive trials of a rank share: threads; embeddings and competitors, or the task basis, of the last (d,
/// items, kappa, seed); the first step's batch, gradient and its singular value decomposition for the last (alpha,
/// batch). Affects speed alone, never a result. One caller at a time.
class Workspace {
 public:
  explicit Workspace(int threads = 1);
  ~Workspace();
  Workspace(Workspace&&) noexcept;
  Workspace& operator=(Workspace&&) noexcept;

  struct Cache;
  Cache& cache() { return *cache_; }
  ThreadTeam& team() { return *team_; }
  /// The ranks that share the next trials with this one, each of which runs them with a workspace of its own; null for
  /// none. The group must outlive them.
  void set_group(RankGroup* group) { team_->set_group(group); }
  RankGroup* group() const { return team_->group(); }
  /// Forgets everything but the threads and the group.
  void clear();

 private:
  std::unique_ptr<ThreadTeam> team_;
  std::unique_ptr<Cache> cache_;
};

/// Runs a canonical trial. An exception in it becomes a record with status `failed` and its message. Cost::rank and
/// Cost::host are left to the caller. Where the workspace has a group all its ranks call this with the same trial; the
/// leader's record is the trial's, with the bits of a rank alone, and says so where another rank failed; those of the
/// others are of no use. Throws only what the group's transport throws.
Record run_trial(const Trial& trial, Workspace& workspace);

/// The same under control, and from the trial's checkpoint on where there is one: to the same bits of Result, Trace and
/// recall, the Cost of all pieces summed. Nothing where the trial was interrupted: it can go on later, behind the last
/// finished step where there are Checkpoints. Whoever keeps the record removes the checkpoint.
std::optional<Record> run_trial(const Trial& trial, Workspace& workspace, const TrialControl& control);

}  // namespace memscale
