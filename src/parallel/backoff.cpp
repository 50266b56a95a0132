#include "memscale/parallel/backoff.hpp"

#include <algorithm>

namespace memscale {

std::chrono::microseconds Backoff::pause() const {
  using std::chrono::microseconds;
  const auto waited = std::chrono::duration_cast<microseconds>(Clock::now() - since_);
  return std::clamp(waited / 4, microseconds(20), microseconds(1000));
}

}  // namespace memscale
