#include "memscale/parallel/remote_worker.hpp"

#include <unistd.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

#include "memscale/core/process.hpp"
#include "memscale/parallel/backoff.hpp"
#include "memscale/parallel/mailbox.hpp"
#include "memscale/parallel/mpi_rank_group.hpp"
#include "memscale/schedule/run_batch.hpp"

namespace memscale {

namespace {

class RemoteWorker {
 public:
  RemoteWorker(const Communicator& communicator, const Communicator& groups, const TrialRunner& run)
      : communicator_(communicator), groups_(groups), run_(run), mailbox_(communicator) {}

  int serve() {
    mailbox_.send(0, Hello{host_name(), ::getpid()});
    for (Backoff backoff; !end_;) {
      if (receive())
        backoff.reset();
      else
        std::this_thread::sleep_for(backoff.pause());
      if (auto assigned = std::exchange(assigned_, std::nullopt)) {
        work(*assigned);
        backoff.reset();
      }
    }
    mailbox_.flush();
    return end_->exit_status;
  }

 private:
  /// Takes a message, if one has come.
  bool receive() {
    auto letter = mailbox_.receive();
    if (!letter) return false;
    if (auto* start = std::get_if<StartRun>(&letter->message))
      settings_ = std::move(start->settings);
    else if (auto* assigned = std::get_if<AssignTrials>(&letter->message))
      assigned_ = std::move(*assigned);
    else if (std::get_if<Interrupt>(&letter->message))
      interrupted_ = true;
    else if (const auto* end = std::get_if<EndRun>(&letter->message))
      end_ = *end;
    else
      throw std::logic_error("rank 0 sent what only workers may send");
    return true;
  }

  void work(const AssignTrials& assigned) {
    std::unique_ptr<RankGroup> group;
    if (assigned.ranks.size() > 1) group = std::make_unique<MpiRankGroup>(groups_, assigned.ranks, assigned.epoch);
    const auto asked_to_stop = [this] {
      while (receive()) {
      }
      return interrupted_ || end_;
    };
    run_batch(communicator_.rank(), assigned.trials, run_, {settings_, asked_to_stop, group.get()},
              [this](Report report) { mailbox_.send(0, ReportTrials{std::move(report)}); });
  }

  const Communicator& communicator_;
  const Communicator& groups_;
  const TrialRunner& run_;
  Mailbox mailbox_;
  RunSettings settings_;
  std::optional<AssignTrials> assigned_;
  bool interrupted_ = false;
  std::optional<EndRun> end_;
};

}  // namespace

int serve_trials(const Communicator& communicator, const Communicator& groups, const TrialRunner& run) {
  return RemoteWorker(communicator, groups, run).serve();
}

}  // namespace memscale
