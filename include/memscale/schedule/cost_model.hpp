#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// Expected work of one trial's phases, in flops at the rate of a large matrix product.
struct CostEstimate {
  double embeddings = 0;      ///< once for a bundle
  double first_gradient = 0;  ///< once for the trials of a bundle that share alpha and batch
  double gradients = 0;       ///< of the later steps
  double update = 0;
  double capacity = 0;
  double measures = 0;

  double total() const { return embeddings + first_gradient + gradients + update + capacity + measures; }
};

/// The cost of a canonical trial that takes all its steps. A pure function, good for order and for shares: ratios
/// between trials, not seconds.
CostEstimate estimate_cost(const Trial& trial);

/// Rows of the matrices that the trial's steps work on: d, or the groups of a reduced orthogonal memory.
std::int64_t matrix_size(const Trial& trial);

/// The share of a trial's work that several ranks can divide: what is done row by row.
double divisible_share(const Trial& trial);

/// Seconds of trials, of one rank alone: the estimate's flops at rates that finished trials teach. Phases have a rate
/// for each (method, matrix_size) that was seen, else that of the method at any, of all trials seen, or a slow core's.
class CostModel {
 public:
  /// A trial's phases in seconds.
  struct Seconds {
    double embeddings = 0;      ///< where no trial of the bundle came before
    double first_gradient = 0;  ///< where none of the same alpha and batch did
    double rest = 0;

    double total() const { return embeddings + first_gradient + rest; }
  };

  /// Takes the rates of a record that did not fail, of a trial that so many ranks shared.
  void learn(const Record& record, int ranks = 1);
  /// Records that taught it.
  std::size_t learnt() const { return learnt_; }

  Seconds phases(const Trial& trial) const;
  /// Of the whole trial, nothing shared.
  double seconds(const Trial& trial) const { return phases(trial).total(); }

  /// A factor by which about 1 trial of 20 exceeds its seconds.
  double spread() const;
  /// Standard deviation of log(actual / expected seconds).
  double deviation() const;

 private:
  enum Phase : std::size_t { embeddings, first_gradient, gradients, update, capacity, measures, phase_count };
  using Flops = std::array<double, phase_count>;
  struct Rate {
    double seconds = 0, flops = 0;
  };
  struct Rates {
    std::array<Rate, phase_count> phases{};
    Rate steps;  ///< steps done of those allowed: rules that end a trial early
  };

  static Flops flops_of(const Trial& trial);
  static std::uint64_t key_of(const Trial& trial, std::int64_t size);
  double rate(const Rates* own, const Rates* of_method, std::size_t phase) const;
  Flops expected(const Trial& trial, const Flops& flops, const Rates* own, const Rates* of_method) const;
  void learn(const Trial& trial, std::int64_t steps_done, const Cost& cost);

  std::unordered_map<std::uint64_t, Rates> rates_;  ///< by method and matrix_size, and by method with 0
  Rates all_;
  std::size_t learnt_ = 0;
  double overhead_ = 0;                     ///< seconds a trial outside its phases, on average
  double squares_ = 0, square_weight_ = 0;  ///< of log(actual / expected), weighted by the expected
};

}  // namespace memscale
