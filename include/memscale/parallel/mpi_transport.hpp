#pragma once

#include "memscale/parallel/mailbox.hpp"
#include "memscale/schedule/local_worker.hpp"

namespace memscale {

/// Workers that are MPI ranks, one each; rank 0's is a thread beside the caller's, which sleeps between polls, so that
/// the master's core computes too. Lives on rank 0; every other rank runs serve_trials.
class MpiTransport final : public Transport {
 public:
  MpiTransport(const Communicator& communicator, TrialRunner run);

  int workers() const override { return communicator_.size(); }
  void assign(int worker, const Trial& trial) override;
  std::optional<Finished> wait(std::chrono::milliseconds limit) override;

  /// Lets serve_trials return this status on every other rank, once trials still out there are done (their records are
  /// dropped).
  void end_run(int exit_status);

 private:
  std::optional<Finished> receive();

  const Communicator& communicator_;
  Mailbox mailbox_;
  int busy_ranks_ = 0;
  FinishedQueue local_finished_;
  LocalWorker local_worker_;
};

}  // namespace memscale
