#include "memscale/schedule/memory_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <initializer_list>

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/model/softmax_kernel.hpp"

namespace memscale {

namespace {

constexpr double program = 24 << 20;        // code and libraries: 18 without MPI, 26 with it (measured)
constexpr double thread = 1.5 * (1 << 20);  // each one's stack, heap and buffer of the BLAS (measured)
constexpr double int8_columns = 64;         // int8_depth: padded to a multiple
constexpr double head_rows = 1024;          // of Competitors
constexpr double group_rows = 512;          // float64 copies of rows in weighted_product
constexpr double finalists = 2048;          // at a time in reject_exactly
constexpr double svd_workspace = 3;         // dgesdd with vectors: 3 d^2 + O(d) numbers (dbdsdc's)
constexpr double reject_by_float_rows = 512;

/// What a trial's arrays have as sizes. Everything is in bytes.
struct Sizes {
  Sizes(const Trial& trial, int team)
      : N(static_cast<double>(trial.items)),
        d(static_cast<double>(trial.d)),
        padded(std::ceil(d / int8_columns) * int8_columns),
        batch(std::min({N, trial.batch, 2 * std::pow(trial.batch, 1 / trial.alpha)})),
        square(8 * d * d),
        threads(team) {}

  double N, d, padded;
  double batch;   ///< distinct items of a step, about
  double square;  ///< a matrix (d, d) in float64
  double threads;
};

/// Embeddings and what belongs to them, frequencies.
double held_by_bundle(const Sizes& s) {
  const double embeddings = 2 * 4 * s.N * s.d;
  const double int8 = 2 * s.N * (s.padded + 16);  // q; scale, norm, error and offset
  const double order_and_norms = 16 * s.N;
  const double head = 4 * std::min(s.N, head_rows) * s.d;
  return embeddings + int8 + order_and_norms + head + 8 * s.N;
}

/// What the trial has from its first step to its last.
double held_by_training(const Trial& t, const Sizes& s) {
  const double batches = 2 * 16 * s.batch;  // the first step's, which the workspace keeps, and the step's own
  double matrices = 5;                      // first gradient; gradient, update, W and W before
  const bool takes_svd = (t.optimizer == OptimizerKind::muon && t.orthogonalizer != Orthogonalizer::newton_schulz) ||
                         t.spectra_measure == SpectraMeasure::final;
  if (takes_svd) matrices += t.steps > 1 && t.optimizer == OptimizerKind::muon ? 4 : 2;  // of the first step, of this
  if (t.optimizer == OptimizerKind::newton) matrices += 1;                               // covariance of the outputs
  if (t.optimizer == OptimizerKind::adam) matrices += 2;
  if (t.momentum != 0) matrices += 1;
  return batches + matrices * s.square + s.N;
}

/// Sums over `rows` rows in float64, a product a thread that has work.
double weighted_product(const Sizes& s, double rows) {
  const double threads = std::min(s.threads, std::ceil(rows / group_rows));
  return threads * (2 * 8 * group_rows * s.d + s.square) + s.square;
}

/// A block of queries a thread, see softmax_gradient.cpp.
double softmax_blocks(const Sizes& s, double rows) {
  const double queries = std::clamp(131072 / s.d, 64.0, static_cast<double>(most_softmax_queries));
  const double block = std::min(queries, std::ceil(rows / 32) * 32);
  const auto workspace = softmax_workspace(static_cast<std::int64_t>(s.d), static_cast<std::int64_t>(block));
  return s.threads * (block * s.d * (8 + 8 + 4 + 4) + 4 * static_cast<double>(workspace));
}

double gradient(const Trial& t, const Sizes& s) {
  const double draw = std::isfinite(t.batch) ? 8 * s.N + 32 * s.batch : 0;  // sums of p, lists that grow
  double sum = weighted_product(s, s.batch);
  if (t.steps > 1 && t.gradient == GradientKind::exact) sum = std::max(sum, softmax_blocks(s, s.batch) + s.square);
  const double population = t.steps > 1 && !std::isfinite(t.batch) ? 16 * s.N : 0;
  return draw + population + sum;
}

double update(const Trial& t, const Sizes& s) {
  if (t.optimizer == OptimizerKind::newton)
    return std::max(24 * s.N + weighted_product(s, s.N), 5 * s.square);  // a second moment; two systems to solve
  if (t.optimizer != OptimizerKind::muon) return s.square;
  if (t.orthogonalizer == Orthogonalizer::newton_schulz) return 5 * s.square;  // X, A, B, next and the old update
  return (1 + svd_workspace + 1) * s.square;                                   // beside the factors, which are held
}

double capacity(const Sizes& s) {
  const double weights = 2 * s.square;                                 // exact, and twice in float32
  const double items = 12 * s.N;                                       // those to check, and those left
  const double by_int8 = 2 * s.d * s.padded + (0.5 + 1.5) * s.square;  // W packed, what that loses, its norm
  const double by_float = s.threads * 4 * reject_by_float_rows * (2 * s.d + reject_by_float_rows);
  const double exactly = s.square + std::min(finalists, s.N) * (12 * s.d + 2 * s.padded);
  return weights + items + std::max({by_int8, by_float, exactly, 2 * s.square});
}

double measures(const Trial& t, const Sizes& s) {
  double bytes = 0;
  if (t.loss_measure == LossMeasure::exact) bytes = 16 * s.N + softmax_blocks(s, s.N);
  if (t.spectra_measure == SpectraMeasure::final) bytes = std::max(bytes, (1 + svd_workspace) * s.square);
  return bytes;
}

/// Of an orthogonal memory, with matrices of n rows.
double orthogonal(const Trial& t, int threads) {
  const bool reduced = t.representation == Representation::reduced;
  const auto n = static_cast<double>(reduced ? t.groups : t.d), d = static_cast<double>(t.d);
  const bool spectra = t.spectra_measure == SpectraMeasure::final;
  const bool takes_svd = spectra || t.optimizer == OptimizerKind::muon;
  double held = 5;  // gradient, update, W, W before and the next gradient
  if (t.optimizer == OptimizerKind::adam) held += 2;
  if (t.momentum != 0) held += 1;
  if (t.task_basis == TaskBasisKind::haar) held += 2;
  const bool turned = t.task_basis != TaskBasisKind::identity;
  double passing = turned ? 3 : 1;                  // gradient and update in raw coordinates, and between them
  if (takes_svd) passing += 2 + svd_workspace + 2;  // the factors, what is taken apart, and put together again
  if (reduced) passing += 3;                        // the groups' quotients
  const double items = (8 + 2) * d + (spectra ? 5 * 8 * d : 0);  // frequencies and flags; singular values
  return program + threads * (thread + 5 * 8 * n) + (held + passing) * 8 * n * n + items;
}

/// Traces while they grow, in the record, on their way to the journal and in it (measured).
double traces(const Trial& t) {
  constexpr double copies = 8;
  const double numbers = t.model == ModelKind::orthogonal ? 8 : 5;
  return copies * numbers * 8 * static_cast<double>(t.steps);
}

double needed(const Trial& t, int threads) {
  if (t.model == ModelKind::orthogonal) return orthogonal(t, threads) + traces(t);
  const Sizes s(t, threads);
  return traces(t) + program + s.threads * thread + held_by_bundle(s) + held_by_training(t, s) +
         std::max({gradient(t, s), update(t, s), capacity(s), measures(t, s)});
}

}  // namespace

std::int64_t estimate_memory(const Trial& trial, int threads) {
  return static_cast<std::int64_t>(needed(trial, threads));
}

const Trial* most_demanding(const std::vector<Trial>& trials, int threads) {
  const Trial* most = nullptr;
  double bytes = 0;
  for (const Trial& trial : trials) {
    const double now = needed(trial, threads);
    if (most && now <= bytes) continue;
    most = &trial;
    bytes = now;
  }
  return most;
}

std::string size_text(std::int64_t bytes) {
  constexpr std::array<const char*, 4> units{"MiB", "GiB", "TiB", "PiB"};
  double size = std::ldexp(static_cast<double>(bytes), -20);
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < units.size(); ++unit) size /= 1024;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), size < 10 ? "%.1f %s" : "%.0f %s", size, units[unit]);
  return text.data();
}

void require_memory(const std::vector<Trial>& trials, int threads, int ranks_on_node, std::int64_t available) {
  const Trial* most = most_demanding(trials, threads);
  if (!most) return;
  const std::int64_t bytes = estimate_memory(*most, threads), share = available / ranks_on_node;
  if (bytes <= share) return;
  const bool is_orthogonal = most->model == ModelKind::orthogonal;
  const std::string smaller = is_orthogonal ? "smaller d" : "smaller items";
  const std::string trial = "a trial of d=" + to_text(most->d) +
                            (is_orthogonal ? std::string() : " items=" + to_text(static_cast<double>(most->items))) +
                            " needs " + size_text(bytes) + " a rank, ";
  const std::string has = ranks_on_node == 1 ? "the node has " + size_text(available)
                                             : to_text(std::int64_t{ranks_on_node}) + " ranks on a node of " +
                                                   size_text(available) + " have " + size_text(share) + " each";
  const std::string remedy = bytes <= available && ranks_on_node > 1
                                 ? "use fewer ranks a node with more --threads, or " + smaller
                                 : "use " + smaller + ", or a node with more memory";
  throw invalid("threads", to_text(std::int64_t{threads}), trial + has + ": " + remedy);
}

}  // namespace memscale
