#pragma once

#include <numeric>
#include <vector>

#include "memscale/parallel/mpi_rank_group.hpp"

namespace memscale {

/// A group of all ranks, on a communicator of its own. Collective: every rank makes one.
class WorldGroup {
 public:
  RankGroup& operator*() { return group_; }
  RankGroup* operator->() { return &group_; }
  const Communicator& communicator() const { return communicator_; }

 private:
  static std::vector<int> all(int size) {
    std::vector<int> ranks(static_cast<std::size_t>(size));
    std::iota(ranks.begin(), ranks.end(), 0);
    return ranks;
  }

  Communicator communicator_ = Communicator::world();
  MpiRankGroup group_{communicator_, all(communicator_.size()), 1};
};

}  // namespace memscale
