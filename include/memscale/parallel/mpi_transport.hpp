#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "memscale/parallel/mailbox.hpp"
#include "memscale/schedule/local_worker.hpp"

namespace memscale {

/// Ranks of an MPI job. Rank 0's worker is a thread beside the caller's, which sleeps between polls, so that the
/// master's core computes too. Lives on rank 0; every other rank runs serve_trials.
class MpiTransport final : public Transport {
 public:
  /// `groups`: a communicator of its own for what ranks that share a trial tell each other.
  MpiTransport(const Communicator& communicator, const Communicator& groups, TrialRunner run);

  int ranks() const override { return communicator_.size(); }
  void start_run(const RunSettings& settings) override;
  void assign(const Assignment& assignment) override;
  void interrupt() override;
  std::optional<Report> wait(std::chrono::milliseconds limit) override;
  std::vector<int> dead_ranks() const override;

  /// Lets serve_trials return this status on every other rank, once trials still out there are done or have come to
  /// their next step (their records are dropped).
  void end_run(int exit_status);

 private:
  std::optional<Report> receive();

  const Communicator& communicator_;
  const Communicator& groups_;
  TrialRunner run_;
  Mailbox mailbox_;
  int busy_ranks_ = 0;
  std::uint64_t epoch_ = 0;
  std::map<int, pid_t> neighbours_;  ///< by rank, those of this host that have said hello
  ReportQueue local_reports_;
  std::unique_ptr<LocalWorker> local_worker_;
};

}  // namespace memscale
