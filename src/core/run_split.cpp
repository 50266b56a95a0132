#include <map>
#include <utility>

#include "memscale/core/flush_to_zero.hpp"
#include "memscale/core/rank_group.hpp"
#include "memscale/core/thread_team.hpp"

// Rank r of n takes the tasks r, r + n, r + 2 n ...: results then come in about the order of the commits.

namespace memscale {

namespace {

constexpr std::size_t most_kept = 64;  // results, of a MiB or so each in the softmax

RankGroup::Bytes copy(std::span<const std::byte> bytes) {
  return {bytes.begin(), bytes.end()};
}

/// The leader's side of a split loop: commits results in the order of the tasks.
class InTurn {
 public:
  InTurn(RankGroup& group, std::size_t count, const ThreadTeam::Commit& commit)
      : group_(group), count_(count), commit_(commit) {}

  /// A result of the leader's own.
  void add(std::size_t task, std::span<const std::byte> result) {
    commit_what_is_there();
    if (task == next_)
      commit(result);
    else
      kept_.emplace(task, copy(result));
    commit_what_is_there();
    for (; kept_.size() > most_kept; commit_what_is_there()) commit(group_.take(owner()));
  }

  /// Waits for the members' last results.
  void complete() {
    for (commit_what_is_there(); next_ < count_; commit_what_is_there()) commit(group_.take(owner()));
  }

 private:
  int owner() const { return static_cast<int>(next_ % static_cast<std::size_t>(group_.size())); }

  void commit(std::span<const std::byte> result) { commit_(next_++, result); }

  void commit_what_is_there() {
    while (next_ < count_) {
      if (owner() == 0) {
        const auto kept = kept_.extract(next_);
        if (kept.empty()) return;
        commit(kept.mapped());
      } else {
        const auto result = group_.try_take(owner());
        if (!result) return;
        commit(*result);
      }
    }
  }

  RankGroup& group_;
  std::size_t count_;
  const ThreadTeam::Commit& commit_;
  std::size_t next_ = 0;                          ///< to be committed
  std::map<std::size_t, RankGroup::Bytes> kept_;  ///< own results whose turn has not come
};

}  // namespace

void ThreadTeam::run_split(std::size_t count, const Task& compute, const Result& result, const Commit& commit) {
  if (!group_) return run(count, compute, [&](std::size_t task, int thread) { commit(task, result(thread)); });
  const FlushToZero flush;
  RankGroup& group = *group_;
  const auto rank = static_cast<std::size_t>(group.rank()), size = static_cast<std::size_t>(group.size());
  const std::size_t own_count = (count + size - 1 - rank) / size;
  group.begin_loop();
  if (!group.leads()) {
    run(
        own_count,
        [&](std::size_t own, int thread) {
          group.check();
          compute(rank + own * size, thread);
        },
        [&](std::size_t, int thread) { group.give(copy(result(thread))); });
    return;
  }
  InTurn in_turn(group, count, commit);
  run(
      own_count, [&](std::size_t own, int thread) { compute(own * size, thread); },
      [&](std::size_t own, int thread) { in_turn.add(own * size, result(thread)); });
  in_turn.complete();
}

}  // namespace memscale
