#include "memscale/parallel/mailbox.hpp"

#include <thread>
#include <utility>

#include "memscale/parallel/backoff.hpp"

namespace memscale {

void Mailbox::send(int destination, const Message& message) {
  Sending& sending = sending_.emplace_back();
  sending.bytes = encode_message(message);
  sending.request = communicator_.start_send(destination, static_cast<int>(tag_of(message)), sending.bytes);
}

std::optional<Letter> Mailbox::receive() {
  forget_sent();
  if (!receiving_) {
    const auto arrival = communicator_.probe();
    if (!arrival) return std::nullopt;
    receiving_.emplace(Receiving{*arrival, std::vector<std::byte>(static_cast<std::size_t>(arrival->bytes))});
    receiving_->request = communicator_.start_receive(arrival->source, arrival->tag, receiving_->bytes);
  }
  // A long message needs its sender's help, who may be at work for long.
  if (!communicator_.completed(receiving_->request)) return std::nullopt;
  const auto received = std::exchange(receiving_, std::nullopt);
  return Letter{received->arrival.source, decode_message(static_cast<Tag>(received->arrival.tag), received->bytes)};
}

void Mailbox::flush() {
  Backoff backoff;
  for (forget_sent(); !sending_.empty(); forget_sent()) std::this_thread::sleep_for(backoff.pause());
}

void Mailbox::forget_sent() {
  sending_.remove_if([this](Sending& sending) { return communicator_.completed(sending.request); });
}

}  // namespace memscale
