#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "memscale/experiment/result.hpp"

namespace memscale::bench {

/// A job of so many trials (a multiple of trials_a_seed), each of `steps` steps on 1e5 items.
std::string job_text(std::int64_t trials, std::int64_t steps);

/// Makes records as sweeps do, fast: the numbers of a training of `steps` steps with noise in all their digits, from a
/// pool of shapes. No two are alike, so that none helps to compress another.
class RecordMaker {
 public:
  explicit RecordMaker(std::int64_t steps);

  /// The finished record of `trial`, valid until the next call.
  const Record& make(const Trial& trial);

 private:
  /// What one training would have found without noise.
  struct Shape {
    Trace trace;
    std::int64_t last_recalled;  ///< bin
  };
  double noise();  ///< from -1 to 1

  std::vector<Shape> shapes_;
  std::vector<std::int64_t> bin_sizes_;
  std::uint64_t state_ = 1;
  Record record_;
};

}  // namespace memscale::bench
