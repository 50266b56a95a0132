#include "memscale/parallel/remote_worker.hpp"

#include <stdexcept>
#include <thread>

#include "memscale/parallel/backoff.hpp"
#include "memscale/parallel/mailbox.hpp"

namespace memscale {

int serve_trials(const Communicator& communicator, const TrialRunner& run) {
  Mailbox mailbox(communicator);
  Backoff backoff;
  while (true) {
    const auto letter = mailbox.receive();
    if (!letter) {
      std::this_thread::sleep_for(backoff.pause());
      continue;
    }
    if (const auto* assigned = std::get_if<AssignTrial>(&letter->message)) {
      mailbox.send(0, TrialDone{run(assigned->trial)});
    } else if (const auto* end = std::get_if<EndRun>(&letter->message)) {
      mailbox.flush();
      return end->exit_status;
    } else {
      throw std::logic_error("rank 0 sent what only workers may send");
    }
    backoff.reset();
  }
}

}  // namespace memscale
