#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "memscale/analysis/table.hpp"
#include "memscale/experiment/result.hpp"

namespace memscale {

/// What a store's trials cost together, failed ones included.
struct CostSummary {
  double core_hours = 0;  ///< sum of the trials' wall times, each times its threads
  double embeddings = 0;  ///< shares of that time, in 0..1
  double gradient = 0;
  double update = 0;
  double capacity = 0;
  double measures = 0;           ///< spectra and loss
  double blas = 0;               ///< inside BLAS and LAPACK, part of the above
  std::int64_t peak_memory = 0;  ///< bytes, the largest process
  std::set<std::string> hosts, blas_kernels, softmax_kernels;
};

/// Sums over records, one after the other.
class CostTally {
 public:
  void add(const Record& record);
  CostSummary summary() const;

 private:
  CostSummary sum_;  ///< with seconds for shares
  double seconds_ = 0;
};

CostSummary summarise_cost(const std::vector<Record>& records);

/// Two columns: quantity, value with its unit.
Table cost_table(const CostSummary& cost);

}  // namespace memscale
