#include "memscale/parallel/mailbox.hpp"

#include <thread>

#include "memscale/parallel/backoff.hpp"
#include "memscale/parallel/mpi_error.hpp"

namespace memscale {

namespace {

bool completed(MPI_Request& request) {
  int done = 0;
  check_mpi(MPI_Test(&request, &done, MPI_STATUS_IGNORE), "MPI_Test");
  return done != 0;
}

}  // namespace

void Mailbox::send(int destination, const Message& message) {
  Sending& sending = sending_.emplace_back();
  sending.bytes = encode_message(message);
  sending.request = communicator_.start_send(destination, static_cast<int>(tag_of(message)), sending.bytes);
}

std::optional<Letter> Mailbox::receive() {
  forget_sent();
  const auto arrival = communicator_.probe();
  if (!arrival) return std::nullopt;
  const auto bytes = communicator_.receive(*arrival);
  return Letter{arrival->source, decode_message(static_cast<Tag>(arrival->tag), bytes)};
}

void Mailbox::flush() {
  Backoff backoff;
  for (forget_sent(); !sending_.empty(); forget_sent()) std::this_thread::sleep_for(backoff.pause());
}

void Mailbox::forget_sent() {
  sending_.remove_if([](Sending& sending) { return completed(sending.request); });
}

}  // namespace memscale
