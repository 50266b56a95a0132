#include "fit_shape.hpp"

#include <cmath>

namespace memscale::bench {

namespace {

constexpr const char* many_d = "d = 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536\n";

std::string job(const std::string& grid, std::int64_t seeds, std::int64_t steps, const std::string& more = "") {
  return "[grid]\n" + std::string(many_d) + grid + "seed = 1:" + std::to_string(seeds) +
         "\n[problem]\nitems = 100000\n[train]\nsteps = " + std::to_string(steps) + "\neta = sqrt(d)\n" + more;
}

/// `count` values from 1.2 on.
std::string alphas(std::int64_t count) {
  constexpr double step = 0.005;
  std::string text;
  for (std::int64_t i = 0; i < count; ++i)
    text.append(i == 0 ? "alpha = " : ", ").append(std::to_string(1.2 + step * static_cast<double>(i)));
  return text + "\n";
}

}  // namespace

std::vector<FitShape> fit_shapes(std::int64_t records) {
  constexpr std::int64_t few_cells = 1000, few_seeds = 16, methods = 50, batches = 20, d = 10;
  const std::int64_t alphas_of_many = records / (few_seeds * methods * d), cells = alphas_of_many * methods * d;
  const std::int64_t batch_cells = 5 * d * 2 * batches;
  std::string batch = "alpha = 1.25, 1.5, 1.75, 2, 2.5\noptimizer = gd, muon\nbatch = inf";
  for (std::int64_t i = 1; i < batches; ++i)
    batch += ", " + std::to_string(std::llround(std::pow(10, 7 * static_cast<double>(i) / batches)));
  return {
      {"seeds", "1000 cells, seeds", few_cells, 1, job(alphas(50) + "optimizer = gd, muon\n", records / few_cells, 1)},
      {"cells", "many cells, 16 seeds", cells, 1,
       job(alphas(alphas_of_many) + "optimizer = muon\n", few_seeds, 1,
           "[muon]\northogonalizer = newton-schulz\nns-steps = 1:" + std::to_string(methods) + "\n")},
      {"batches", "20 batch sizes", batch_cells, 1, job(batch + "\n", records / batch_cells, 1)},
      {"steps", "1000 cells, 30 steps", few_cells, 30,
       job(alphas(50) + "optimizer = gd, muon\n", records / few_cells, 30)}};
}

double planted_capacity(const Trial& trial, std::int64_t step) {
  const double d = static_cast<double>(trial.d), first = 1 / (2 * trial.alpha);
  const bool muon = trial.optimizer == OptimizerKind::muon;
  if (trial.steps > 1) {  // exponents that approach a limit
    const double limit = muon ? 1.6 : 1.2, slope = limit - (limit - first - (muon ? 0.9 : 0)) * std::pow(0.7, step - 1);
    return (muon ? 0.2 : 3) * std::pow(d, slope);
  }
  const double plateau = (muon ? 1 : 3) * std::pow(d, first + (muon ? 1 : 0)),
               branch = 2 * std::pow(trial.batch, 1 / trial.alpha);
  return std::min(plateau, branch);
}

}  // namespace memscale::bench
