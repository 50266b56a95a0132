#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "memscale/model/recall.hpp"

namespace memscale {

/// The bins of rank of each number of items, worked out once.
class RecallLimits {
 public:
  /// `items` at least 0 and below 2^32. Valid until the next call.
  const std::vector<RankBin>& of(std::int64_t items) {
    constexpr std::size_t most = 1000;  // a store made to harm could name millions
    if (bins_.size() >= most && !bins_.contains(items)) bins_.clear();
    const auto [found, is_new] = bins_.try_emplace(items);
    if (is_new) found->second = recall_bins(items);
    return found->second;
  }

 private:
  std::unordered_map<std::int64_t, std::vector<RankBin>> bins_;
};

}  // namespace memscale
