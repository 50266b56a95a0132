#pragma once

#include <array>
#include <vector>

#include "memscale/analysis/cell.hpp"

namespace memscale {

/// Makes a cell of its trials' records, in any order. Of a seed that comes twice the first record counts.
class CellBuilder {
 public:
  void add(const Record& record);
  const Trial& trial() const { return trial_; }  ///< of the smallest seed so far
  /// Once, after the last.
  Cell finish();
  std::int64_t repeated() const { return repeated_; }  ///< records left out, known after finish

 private:
  /// One trial, without what is kept as sums.
  struct Seed {
    std::int64_t seed, steps_done;
    double capacity, prefix, accuracy, loss;
  };
  /// Sum and number of what was measured.
  struct Sum {
    double sum = 0, count = 0;
    void add(double value);
    double mean() const;
  };
  using SpectrumSums = std::array<Sum, 6>;

  void add_trace(const Record& record);
  void add_recall(const Record& record);
  void keep_first_of_each_seed(const std::vector<std::size_t>& order, Cell& cell) const;

  Trial trial_;
  std::vector<Seed> seeds_;
  CellTrace trace_;
  std::int64_t longest_ = 0;  ///< steps of a trial
  std::vector<double> recovered_;
  double recalls_ = 0;
  SpectrumSums update_, weights_;
  std::int64_t repeated_ = 0;
};

}  // namespace memscale
