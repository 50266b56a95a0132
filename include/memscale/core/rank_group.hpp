#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace memscale {

/// Another rank of the group ended the trial, for the reason that what() gives.
class RankFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The ranks that share a trial. All of them run the same code; what they must agree upon comes from rank 0, the
/// leader. One trial after another, each ended by `finish`, whatever happened in it.
///
/// Every rank calls the same collective functions in the same order. One throws RankFailure where another rank has
/// finished with an error, and std::logic_error where the ranks are no longer in step: then call `finish`.
class RankGroup {
 public:
  using Bytes = std::vector<std::byte>;
  using SharedBytes = std::shared_ptr<const Bytes>;

  virtual ~RankGroup() = default;
  virtual int rank() const = 0;  ///< 0 for the leader
  virtual int size() const = 0;
  bool leads() const { return rank() == 0; }

  /// Collective. The leader's bytes, on every rank; what others give is ignored.
  SharedBytes broadcast(Bytes bytes);
  /// Collective. On the leader the bytes of every rank, by rank; elsewhere nothing.
  std::vector<Bytes> gather(Bytes bytes);

  // A loop whose results go to the leader (ThreadTeam::run_split). Between begin_loop and the next collective function
  // any thread may call these.

  /// Collective.
  void begin_loop();
  /// A member's next result, to the leader; waits where this rank is far ahead.
  void give(Bytes bytes);
  /// On the leader: the next result of `rank`, if it has come.
  std::optional<Bytes> try_take(int rank);
  /// On the leader: the next result of `rank`; sleeps until it has come.
  Bytes take(int rank);
  /// On a member: throws RankFailure if the leader has finished.
  void check();

  /// Collective, the end of a trial: tells the others `error`, empty if there was none, and waits until all have
  /// finished. Returns `error` or, if that is empty, another rank's: of every member on the leader, of the leader on a
  /// member.
  std::string finish(const std::string& error);

 protected:
  struct Parcel {
    std::uint64_t label;
    Bytes bytes;
  };

  // What carries the parcels. They arrive in the order of sending and come between the leader and a member only.
  // Any thread may call.

  /// Returns at once, or when the other rank has taken some of what was sent before.
  virtual void send(int rank, std::uint64_t label, SharedBytes bytes) = 0;
  /// The next parcel of `rank`, if it has come.
  virtual std::optional<Parcel> try_receive(int rank) = 0;
  /// The next parcel of `rank`; sleeps until it has come.
  virtual Parcel receive(int rank) = 0;
  /// Sleeps until all that was sent is on its way without this rank's help.
  virtual void flush() = 0;

 private:
  /// Of parcels that end a rank's trial, with its error. Others bear the number of their collective function.
  static constexpr std::uint64_t end_label = 0;

  Bytes opened(int rank, Parcel parcel);
  void check_member(int rank);

  std::uint64_t operation_ = 0;  ///< collective functions so far in this trial
  std::vector<bool> finished_;   ///< ranks whose end has arrived
};

/// Whether this rank, perhaps alone (no group), leads.
inline bool leads(const RankGroup* group) {
  return !group || group->leads();
}

/// What the bytes hold. Those of a RankGroup are aligned for any T.
template <class T>
requires std::is_trivially_copyable_v<T> std::span<const T> values_of(std::span<const std::byte> bytes) {
  if (bytes.size() % sizeof(T) != 0) throw std::logic_error("the ranks of a group sent what was not expected");
  return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
}

template <class T>
RankGroup::Bytes bytes_of_values(std::span<const T> values) {
  const auto bytes = std::as_bytes(values);
  return {bytes.begin(), bytes.end()};
}

/// Collective. `values`, the same number everywhere, become the leader's. Nothing to do without a group.
template <class T>
void broadcast(RankGroup* group, std::span<T> values) {
  if (!group) return;
  const auto bytes =
      group->broadcast(group->leads() ? bytes_of_values(std::span<const T>(values)) : RankGroup::Bytes());
  if (group->leads()) return;
  if (bytes->size() != values.size_bytes()) throw std::logic_error("the ranks of a group hold different numbers");
  if (!bytes->empty()) std::memcpy(values.data(), bytes->data(), bytes->size());
}

/// Collective. `values` become the leader's, however many.
template <class T>
void broadcast(RankGroup* group, std::vector<T>& values) {
  if (!group) return;
  const auto bytes =
      group->broadcast(group->leads() ? bytes_of_values(std::span<const T>(values)) : RankGroup::Bytes());
  if (group->leads()) return;
  const auto theirs = values_of<T>(*bytes);
  values.assign(theirs.begin(), theirs.end());
}

/// Collective. The leader's value.
template <class T>
T leaders(RankGroup* group, T value) {
  broadcast(group, std::span<T>(&value, 1));
  return value;
}

}  // namespace memscale
