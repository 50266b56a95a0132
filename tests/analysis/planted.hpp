#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// Records with a planted law: capacity = factor d^(c1 + c2 / alpha) exp(noise z), z standard normal.
struct Planted {
  OptimizerKind optimizer = OptimizerKind::muon;
  double c1 = 1, c2 = 0.5;
  double factor = 0.5;
  double noise = 0;
  int seeds = 4;
  std::vector<std::int64_t> d{64, 128, 256, 512};
  std::vector<double> alpha{1.25, 1.5, 2, 3};
};

inline Trial planted_trial(OptimizerKind optimizer, std::int64_t d, double alpha, std::int64_t seed) {
  Trial trial;
  trial.optimizer = optimizer;
  trial.d = d;
  trial.alpha = alpha;
  trial.seed = seed;
  trial.items = 1'000'000'000'000;  // so that no planted capacity is all items
  if (optimizer != OptimizerKind::muon) trial.orthogonalizer = Orthogonalizer::none;
  if (optimizer == OptimizerKind::newton) trial.ridge = 1e-8;
  return trial;
}

inline Record planted_record(const Trial& trial, double capacity) {
  Record record;
  record.trial = trial;
  record.result.steps_done = trial.steps;
  record.result.capacity = std::llround(capacity);
  record.result.prefix = record.result.capacity / 2;
  record.result.accuracy = 0.75;
  record.cost.seconds = 2;
  record.cost.seconds_embeddings = 0.2;
  record.cost.seconds_gradient = 0.6;
  record.cost.seconds_update = 0.4;
  record.cost.seconds_capacity = 0.7;
  record.cost.seconds_blas = 1;
  record.cost.peak_memory = 1 << 30;
  record.cost.host = "node1";
  record.cost.blas_kernel = "SkylakeX";
  return record;
}

/// The same trial after these steps: capacities by step, the last of which counts.
inline Record planted_steps(Trial trial, const std::vector<double>& capacities) {
  Record record = planted_record(trial, capacities.back());
  record.result.steps_done = static_cast<std::int64_t>(capacities.size());
  record.trace.capacity = capacities;
  return record;
}

/// A standard normal by Box and Muller: std::normal_distribution differs between libraries.
inline double normal(std::mt19937_64& engine) {
  const auto uniform = [&] { return (static_cast<double>(engine() >> 11) + 0.5) * 0x1p-53; };
  const double radius = std::sqrt(-2 * std::log(uniform()));
  return radius * std::cos(6.283185307179586 * uniform());
}

inline void plant(const Planted& p, std::mt19937_64& engine, std::vector<Record>& records) {
  for (std::int64_t d : p.d)
    for (int seed = 1; seed <= p.seeds; ++seed)
      for (double alpha : p.alpha) {
        const double mean = p.factor * std::pow(static_cast<double>(d), p.c1 + p.c2 / alpha);
        records.push_back(
            planted_record(planted_trial(p.optimizer, d, alpha, seed), mean * std::exp(p.noise * normal(engine))));
      }
}

inline std::vector<Record> planted(const Planted& p, std::uint64_t engine_seed = 1) {
  std::mt19937_64 engine(engine_seed);
  std::vector<Record> records;
  plant(p, engine, records);
  return records;
}

}  // namespace memscale
