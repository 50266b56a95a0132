#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <vector>

#include "memscale/core/rank_group.hpp"
#include "memscale/parallel/communicator.hpp"

namespace memscale {

/// A group of MPI ranks, point to point between leader and members; sleeps between polls while it waits. Throws
/// MpiError. Must not be destroyed before `finish` has returned: MPI still owns the bytes of what is on its way.
class MpiRankGroup final : public RankGroup {
 public:
  /// Not collective. `groups`: a communicator that carries groups only, which outlives this. `ranks`: of it, each once,
  /// the leader first, this process's among them (std::invalid_argument). `epoch`, the same on all of them, grows from
  /// a group to the next one between the same two ranks: what an older one has left is dropped.
  MpiRankGroup(const Communicator& groups, std::vector<int> ranks, std::uint64_t epoch);
  MpiRankGroup(const MpiRankGroup&) = delete;
  MpiRankGroup& operator=(const MpiRankGroup&) = delete;

  int rank() const override { return rank_; }
  int size() const override { return static_cast<int>(ranks_.size()); }

 private:
  /// Goes ahead of a parcel's bytes, which follow in pieces.
  struct Header {
    std::uint64_t epoch, sequence, label, bytes;
  };

  struct Sending {
    Header header;
    SharedBytes bytes;
    std::vector<MPI_Request> requests;
  };

  /// What goes to one rank and comes from it.
  struct Channel {
    std::uint64_t sent = 0, received = 0;  ///< parcels
    bool receiving = false;                ///< a header has arrived or is about to
    bool has_header = false;
    Header header{};
    Bytes bytes;
    std::vector<MPI_Request> requests;
  };

  void send(int rank, std::uint64_t label, SharedBytes bytes) override;
  std::optional<Parcel> try_receive(int rank) override;
  Parcel receive(int rank) override;
  void flush() override;

  void start_send(int rank, std::uint64_t label, SharedBytes bytes);
  /// Sleeps until no more than so many parcels are on their way.
  void wait_until_sent(std::size_t but);
  std::optional<Parcel> next_parcel(int rank);
  bool is_next(const Channel& channel) const;
  bool all_completed(std::vector<MPI_Request>& requests) const;
  void forget_sent();

  const Communicator& groups_;
  std::vector<int> ranks_;
  std::uint64_t epoch_;
  int rank_;
  std::mutex mutex_;  ///< of what follows
  std::vector<Channel> channels_;
  std::list<Sending> sending_;
};

}  // namespace memscale
