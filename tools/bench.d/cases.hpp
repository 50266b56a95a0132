#pragma once

#include <nlohmann/json.hpp>

#include "inputs.hpp"
#include "options.hpp"
#include "rivals.hpp"
#include "samples.hpp"

/// Each case measures one kernel of memscale, beside the FMA loop and the rivals, and returns a row of numbers: times
/// in seconds, rates in GFLOP/s, the best of all runs (and the median, as NAME_median).
namespace memscale::bench {

/// What all cases share.
struct Bench {
  const Options& options;
  ThreadTeam& one;
  ThreadTeam& all;
  Rivals& rivals;

  bool compares_threads() const { return all.size() > 1; }
  /// Rows of a kernel with `flops_a_row`, so that it takes options.flops, as far as `items` go: a multiple of `block`.
  std::int64_t rows_for(double flops_a_row, std::int64_t items, std::int64_t block) const;
};

nlohmann::json measure_capacity(Bench& bench, const Inputs& inputs, const Folder& folder);
/// The exact gradient over a batch, whose files bear `name`; the rivals take at most `most_rows` of its rows.
nlohmann::json measure_softmax(Bench& bench, const Inputs& inputs, const Folder& folder, const std::string& name,
                               const Batch& batch, std::int64_t most_rows, int rounds);
nlohmann::json measure_products(Bench& bench, const Inputs& inputs);
nlohmann::json measure_trial(Bench& bench, std::int64_t d, std::int64_t items);
nlohmann::json measure_memory(Bench& bench, const std::string& program);

/// The other side of measure_memory: takes the step, in a process of its own.
void take_measured_step(std::int64_t d, std::int64_t items, int threads);

/// row[key] = best, row[key_median] = median, where there are samples.
void put(nlohmann::json& row, const std::string& key, const Samples& samples);

}  // namespace memscale::bench
