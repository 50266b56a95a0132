#pragma once

#include <vector>

#include "memscale/experiment/trial.hpp"

namespace memscale {

/// What ranks are handed at once.
struct Assignment {
  std::vector<Trial> trials;  ///< one after the other
  std::vector<int> ranks;     ///< that share each of them, their leader first; mostly one
  double seconds = 0;         ///< expected of one rank alone
};

/// Expected seconds until its ranks have done it together.
double shared_seconds(const Assignment& assignment);

}  // namespace memscale
