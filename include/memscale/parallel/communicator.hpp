#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "memscale/parallel/mpi.hpp"

namespace memscale {

/// A message has come and can be received without waiting.
struct Arrival {
  int source;
  int tag;
  int bytes;
};

/// Sole owner of an MPI communicator; frees it. Every call throws MpiError with MPI's code and text.
class Communicator {
 public:
  /// Collective: every rank. A duplicate of MPI_COMM_WORLD whose errors are returned, not fatal.
  static Communicator world();
  ~Communicator();
  Communicator(Communicator&& other) noexcept;
  Communicator& operator=(Communicator&& other) noexcept;

  int rank() const { return rank_; }
  int size() const { return size_; }

  /// A non-blocking send. `bytes` must stay unchanged until the request has completed.
  MPI_Request start_send(int destination, int tag, std::span<const std::byte> bytes) const;
  /// The next message from anyone; returns at once.
  std::optional<Arrival> probe() const;
  /// The message that probe reported.
  std::vector<std::byte> receive(const Arrival& arrival) const;
  /// Ends every rank, for errors that leave no order to end in. Does not return.
  [[noreturn]] void abort(int exit_status) const;

 private:
  explicit Communicator(MPI_Comm comm);
  void release() noexcept;

  MPI_Comm comm_ = MPI_COMM_NULL;
  int rank_ = 0;
  int size_ = 0;
};

}  // namespace memscale
