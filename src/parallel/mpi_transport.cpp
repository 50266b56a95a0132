#include "memscale/parallel/mpi_transport.hpp"

#include <stdexcept>
#include <thread>
#include <utility>

#include "memscale/parallel/backoff.hpp"

namespace memscale {

MpiTransport::MpiTransport(const Communicator& communicator, TrialRunner run)
    : communicator_(communicator), mailbox_(communicator), local_worker_(0, std::move(run), local_finished_) {}

void MpiTransport::assign(int worker, const Trial& trial) {
  if (worker == 0) return local_worker_.assign(trial);
  mailbox_.send(worker, AssignTrial{trial});
  ++busy_ranks_;
}

std::optional<Finished> MpiTransport::wait(std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  Backoff backoff;
  do {
    if (auto finished = receive()) return finished;
    // Sleeps where the local worker can end the sleep.
    if (auto finished = local_finished_.wait(backoff.pause())) return finished;
  } while (std::chrono::steady_clock::now() < end);
  return std::nullopt;
}

std::optional<Finished> MpiTransport::receive() {
  auto letter = mailbox_.receive();
  if (!letter) return std::nullopt;
  auto* done = std::get_if<TrialDone>(&letter->message);
  if (!done) throw std::logic_error("a worker sent what only rank 0 may send");
  --busy_ranks_;
  return Finished{letter->source, std::move(done->record)};
}

void MpiTransport::end_run(int exit_status) {
  for (int rank = 1; rank < communicator_.size(); ++rank) mailbox_.send(rank, EndRun{exit_status});
  for (Backoff backoff; busy_ranks_ > 0;)
    if (!receive()) std::this_thread::sleep_for(backoff.pause());
  mailbox_.flush();
}

}  // namespace memscale
