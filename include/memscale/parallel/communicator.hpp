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

/// Sole owner of an MPI communicator; frees it. Every call throws MpiError with MPI's code and text. Any thread may
/// call: one lock a process keeps MPI calls apart (MPI_THREAD_SERIALIZED), and none of them waits for another rank but
/// those that say so.
class Communicator {
 public:
  /// Collective: every rank. A duplicate of MPI_COMM_WORLD whose errors are returned, not fatal.
  static Communicator world();
  ~Communicator();
  Communicator(Communicator&& other) noexcept;
  Communicator& operator=(Communicator&& other) noexcept;

  int rank() const { return rank_; }
  int size() const { return size_; }
  /// Collective: every rank. How many of them share this one's memory.
  int ranks_on_this_node() const;

  /// A non-blocking send of less than 2 GiB. `bytes` must stay unchanged until the request has completed.
  MPI_Request start_send(int destination, int tag, std::span<const std::byte> bytes) const;
  /// The next message from anyone, or that from one rank and with one tag.
  std::optional<Arrival> probe() const { return probe(MPI_ANY_SOURCE, MPI_ANY_TAG); }
  std::optional<Arrival> probe(int source, int tag) const;
  /// A non-blocking receive of the next message from one rank with one tag, of at most so many bytes, which must stay
  /// where they are until the request has completed.
  MPI_Request start_receive(int source, int tag, std::span<std::byte> bytes) const;
  /// Whether the request has completed, which lets go of it.
  bool completed(MPI_Request& request) const;
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
