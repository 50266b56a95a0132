#include "memscale/parallel/mpi_transport.hpp"

#include <stdexcept>
#include <thread>
#include <utility>

#include "memscale/core/process.hpp"
#include "memscale/parallel/backoff.hpp"
#include "memscale/parallel/mpi_rank_group.hpp"

namespace memscale {

MpiTransport::MpiTransport(const Communicator& communicator, const Communicator& groups, TrialRunner run)
    : communicator_(communicator), groups_(groups), run_(std::move(run)), mailbox_(communicator) {}

void MpiTransport::start_run(const RunSettings& settings) {
  for (int rank = 1; rank < communicator_.size(); ++rank) mailbox_.send(rank, StartRun{settings});
  local_worker_ = std::make_unique<LocalWorker>(0, run_, settings, local_reports_);
}

void MpiTransport::assign(const Assignment& assignment) {
  ++epoch_;
  for (int rank : assignment.ranks) {
    if (rank > 0) {
      mailbox_.send(rank, AssignTrials{assignment.ranks, epoch_, assignment.trials});
      ++busy_ranks_;
    } else {
      std::unique_ptr<RankGroup> group;
      if (assignment.ranks.size() > 1) group = std::make_unique<MpiRankGroup>(groups_, assignment.ranks, epoch_);
      local_worker_->assign(assignment.trials, std::move(group));
    }
  }
}

void MpiTransport::interrupt() {
  for (int rank = 1; rank < communicator_.size(); ++rank) mailbox_.send(rank, Interrupt{});
  if (local_worker_) local_worker_->interrupt();
}

std::optional<Report> MpiTransport::wait(std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  Backoff backoff;
  do {
    if (auto report = receive()) return report;
    // Sleeps where the local worker can end the sleep.
    if (auto report = local_reports_.wait(backoff.pause())) return report;
  } while (std::chrono::steady_clock::now() < end);
  return std::nullopt;
}

std::optional<Report> MpiTransport::receive() {
  auto letter = mailbox_.receive();
  if (!letter) return std::nullopt;
  if (const auto* hello = std::get_if<Hello>(&letter->message)) {
    if (hello->host == host_name()) neighbours_[letter->source] = static_cast<pid_t>(hello->pid);
    return std::nullopt;
  }
  auto* sent = std::get_if<ReportTrials>(&letter->message);
  if (!sent) throw std::logic_error("a worker sent what only rank 0 may send");
  sent->report.rank = letter->source;
  if (sent->report.idle) --busy_ranks_;
  return std::move(sent->report);
}

std::vector<int> MpiTransport::dead_ranks() const {
  std::vector<int> dead;
  for (const auto& [rank, pid] : neighbours_)
    if (!is_alive(pid)) dead.push_back(rank);
  return dead;
}

void MpiTransport::end_run(int exit_status) {
  if (local_worker_) local_worker_->interrupt();
  for (int rank = 1; rank < communicator_.size(); ++rank) mailbox_.send(rank, EndRun{exit_status});
  for (Backoff backoff; busy_ranks_ > 0;)
    if (!receive()) std::this_thread::sleep_for(backoff.pause());
  local_worker_.reset();  // waits for what it shares with them
  mailbox_.flush();
}

}  // namespace memscale
