#include "memscale/parallel/mpi_rank_group.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>

#include "memscale/parallel/backoff.hpp"

namespace memscale {

namespace {

constexpr int tag = 1;  // MPI keeps messages of one tag between two ranks in order
constexpr std::size_t largest_piece = std::size_t{64} << 20;  // MPI counts bytes by int
constexpr std::size_t most_on_their_way = 64;                 // parcels that others have not taken yet

/// use(piece) for the pieces of `bytes`, in order.
template <class Byte, class Use>
void for_each_piece(std::span<Byte> bytes, Use use) {
  for (; !bytes.empty(); bytes = bytes.subspan(std::min(bytes.size(), largest_piece)))
    use(bytes.first(std::min(bytes.size(), largest_piece)));
}

int place_of(int rank, const std::vector<int>& ranks) {
  if (std::set<int>(ranks.begin(), ranks.end()).size() != ranks.size())
    throw std::invalid_argument("a group has each rank once");
  const auto place = std::find(ranks.begin(), ranks.end(), rank);
  if (place == ranks.end()) throw std::invalid_argument("a group is made by its own ranks");
  return static_cast<int>(place - ranks.begin());
}

}  // namespace

MpiRankGroup::MpiRankGroup(const Communicator& groups, std::vector<int> ranks, std::uint64_t epoch)
    : groups_(groups),
      ranks_(std::move(ranks)),
      epoch_(epoch),
      rank_(place_of(groups.rank(), ranks_)),
      channels_(ranks_.size()) {}

void MpiRankGroup::send(int rank, std::uint64_t label, SharedBytes bytes) {
  start_send(rank, label, std::move(bytes));
  wait_until_sent(most_on_their_way);
}

void MpiRankGroup::start_send(int rank, std::uint64_t label, SharedBytes bytes) {
  const std::lock_guard lock(mutex_);
  const int to = ranks_[static_cast<std::size_t>(rank)];
  const std::uint64_t sequence = channels_[static_cast<std::size_t>(rank)].sent++;
  Sending& sending = sending_.emplace_back(Sending{{epoch_, sequence, label, bytes->size()}, std::move(bytes), {}});
  sending.requests.reserve(2 + sending.bytes->size() / largest_piece);  // a request that is not kept would be lost
  sending.requests.push_back(groups_.start_send(to, tag, std::as_bytes(std::span(&sending.header, 1))));
  for_each_piece(std::span<const std::byte>(*sending.bytes), [&](std::span<const std::byte> piece) {
    sending.requests.push_back(groups_.start_send(to, tag, piece));
  });
}

std::optional<RankGroup::Parcel> MpiRankGroup::try_receive(int rank) {
  const std::lock_guard lock(mutex_);
  forget_sent();
  return next_parcel(rank);
}

RankGroup::Parcel MpiRankGroup::receive(int rank) {
  for (Backoff backoff;; std::this_thread::sleep_for(backoff.pause()))
    if (auto parcel = try_receive(rank)) return std::move(*parcel);
}

void MpiRankGroup::flush() {
  wait_until_sent(0);
}

void MpiRankGroup::wait_until_sent(std::size_t but) {
  for (Backoff backoff;; std::this_thread::sleep_for(backoff.pause())) {
    const std::lock_guard lock(mutex_);
    forget_sent();
    if (sending_.size() <= but) return;
  }
}

std::optional<RankGroup::Parcel> MpiRankGroup::next_parcel(int rank) {
  Channel& channel = channels_[static_cast<std::size_t>(rank)];
  const int from = ranks_[static_cast<std::size_t>(rank)];
  for (;;) {
    if (!channel.receiving) {
      if (!groups_.probe(from, tag)) return std::nullopt;
      channel.requests.assign(1,
                              groups_.start_receive(from, tag, std::as_writable_bytes(std::span(&channel.header, 1))));
      channel.receiving = true;
    }
    if (!all_completed(channel.requests)) return std::nullopt;
    if (!channel.has_header) {
      channel.bytes.resize(channel.header.bytes);
      channel.requests.reserve(1 + channel.bytes.size() / largest_piece);
      for_each_piece(std::span(channel.bytes), [&](std::span<std::byte> piece) {
        channel.requests.push_back(groups_.start_receive(from, tag, piece));
      });
      channel.has_header = true;
      continue;
    }
    channel.receiving = channel.has_header = false;
    Bytes bytes = std::exchange(channel.bytes, {});
    if (is_next(channel)) {
      ++channel.received;
      return Parcel{channel.header.label, std::move(bytes)};
    }
  }
}

/// False for what an older group has left.
bool MpiRankGroup::is_next(const Channel& channel) const {
  const Header& header = channel.header;
  if (header.epoch < epoch_) return false;
  if (header.epoch > epoch_ || header.sequence != channel.received)
    throw std::logic_error("a group of ranks lost a message");
  return true;
}

bool MpiRankGroup::all_completed(std::vector<MPI_Request>& requests) const {
  while (!requests.empty() && groups_.completed(requests.back())) requests.pop_back();
  return requests.empty();
}

void MpiRankGroup::forget_sent() {
  sending_.remove_if([this](Sending& sending) { return all_completed(sending.requests); });
}

}  // namespace memscale
