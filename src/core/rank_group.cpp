#include "memscale/core/rank_group.hpp"

#include <utility>

namespace memscale {

RankGroup::SharedBytes RankGroup::broadcast(Bytes bytes) {
  ++operation_;
  if (!leads()) return std::make_shared<const Bytes>(opened(0, receive(0)));
  for (int member = 1; member < size(); ++member) check_member(member);
  const auto shared = std::make_shared<const Bytes>(std::move(bytes));
  for (int member = 1; member < size(); ++member) send(member, operation_, shared);
  flush();  // the members wait for it, and this rank may be long in coming back
  return shared;
}

std::vector<RankGroup::Bytes> RankGroup::gather(Bytes bytes) {
  ++operation_;
  if (!leads()) {
    send(0, operation_, std::make_shared<const Bytes>(std::move(bytes)));
    return {};
  }
  std::vector<Bytes> all{std::move(bytes)};
  for (int member = 1; member < size(); ++member) all.push_back(opened(member, receive(member)));
  return all;
}

void RankGroup::begin_loop() {
  ++operation_;
}

void RankGroup::give(Bytes bytes) {
  send(0, operation_, std::make_shared<const Bytes>(std::move(bytes)));
}

std::optional<RankGroup::Bytes> RankGroup::try_take(int rank) {
  auto parcel = try_receive(rank);
  if (!parcel) return std::nullopt;
  return opened(rank, std::move(*parcel));
}

RankGroup::Bytes RankGroup::take(int rank) {
  return opened(rank, receive(rank));
}

void RankGroup::check() {
  check_member(0);
}

/// Throws if something has come from `rank`, which at this point can only be its end.
void RankGroup::check_member(int rank) {
  if (auto parcel = try_receive(rank)) {
    opened(rank, std::move(*parcel));
    throw std::logic_error("the ranks of a group lost step");
  }
}

RankGroup::Bytes RankGroup::opened(int rank, Parcel parcel) {
  if (parcel.label == end_label) {
    finished_.resize(static_cast<std::size_t>(size()));
    finished_[static_cast<std::size_t>(rank)] = true;
    if (parcel.bytes.empty()) throw std::logic_error("a rank of the group ended early");
    throw RankFailure(std::string(reinterpret_cast<const char*>(parcel.bytes.data()), parcel.bytes.size()));
  }
  if (parcel.label != operation_) throw std::logic_error("the ranks of a group lost step");
  return std::move(parcel.bytes);
}

std::string RankGroup::finish(const std::string& error) {
  const auto end = std::make_shared<const Bytes>(bytes_of_values(std::span<const char>(error)));
  const int first = leads() ? 1 : 0, last = leads() ? size() : 1;
  for (int other = first; other < last; ++other) send(other, end_label, end);
  std::string verdict = error;
  finished_.resize(static_cast<std::size_t>(size()));
  for (int other = first; other < last; ++other) {
    while (!finished_[static_cast<std::size_t>(other)]) {
      const Parcel parcel = receive(other);  // what the trial has left, then the end
      if (parcel.label != end_label) continue;
      finished_[static_cast<std::size_t>(other)] = true;
      if (verdict.empty()) verdict.assign(reinterpret_cast<const char*>(parcel.bytes.data()), parcel.bytes.size());
    }
  }
  flush();
  operation_ = 0;
  finished_.clear();
  return verdict;
}

}  // namespace memscale
