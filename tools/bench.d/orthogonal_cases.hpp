#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "memscale/experiment/run_trial.hpp"
#include "memscale/experiment/trial.hpp"
#include "orthogonal_options.hpp"
#include "rivals.hpp"
#include "samples.hpp"

namespace memscale::bench {

/// A trial whose steps are measured.
struct OrthogonalCase {
  std::string name;  ///< "two groups, gd"
  Trial trial;       ///< canonical
  std::string turn;  ///< how NumPy and PyTorch turn bases, as orthogonal_numpy.py names it
};

/// To be run both reduced and dense: `trial` is reduced.
std::vector<OrthogonalCase> reducible_cases(const OrthogonalOptions& options);
/// The largest number of groups, of many items, that is reduced alone.
OrthogonalCase largest_case(const OrthogonalOptions& options);
/// All K^2 numbers, to be compared with NumPy and PyTorch.
std::vector<OrthogonalCase> dense_cases(const OrthogonalOptions& options);
/// The same trial with all of its K^2 numbers.
Trial as_dense(Trial trial);

/// Seconds a step of one training, and the loss after the last: a step is an update and the softmax of its W, so that
/// the softmax at W = 0 does not count.
struct Training {
  Samples seconds;
  double loss = 0;
};

/// Trains again and again until `budget` seconds have passed, at least once. Throws std::runtime_error where the trial
/// fails.
void train(const Trial& trial, Workspace& workspace, double budget, Training& training);
void train(const OrthogonalCase& one, Rival& rival, int threads, double budget, Training& training);

/// Whether both have trained the same memory: losses that differ by rounding alone.
bool same_loss(double a, double b);

}  // namespace memscale::bench
