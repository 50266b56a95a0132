#pragma once

#include "memscale/analysis/estimate.hpp"

namespace memscale {

inline bool covers(const Estimate& e, double truth) {
  return e.low <= truth && truth <= e.high;
}

}  // namespace memscale
