#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <vector>

#include "memscale/parallel/communicator.hpp"
#include "memscale/parallel/message.hpp"

namespace memscale {

struct Letter {
  int source;
  Message message;
};

/// Sends and receives messages between ranks; never waits but in flush. Throws MpiError.
class Mailbox {
 public:
  explicit Mailbox(const Communicator& communicator) : communicator_(communicator) {}
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  void send(int destination, const Message& message);
  /// The next message for this rank, if one has come whole. Also lets sends proceed.
  std::optional<Letter> receive();
  /// Sleeps until every send has completed. Call it at the end: MPI still owns the bytes of what is on its way.
  void flush();

 private:
  struct Sending {
    std::vector<std::byte> bytes;
    MPI_Request request = MPI_REQUEST_NULL;
  };
  struct Receiving {
    Arrival arrival;
    std::vector<std::byte> bytes;
    MPI_Request request = MPI_REQUEST_NULL;
  };
  void forget_sent();

  const Communicator& communicator_;
  std::list<Sending> sending_;
  std::optional<Receiving> receiving_;
};

}  // namespace memscale
