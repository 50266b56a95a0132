#include "memscale/model/softmax_gradient.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "memscale/core/rank_group.hpp"
#include "memscale/linalg/blas.hpp"
#include "memscale/model/softmax_kernel.hpp"

namespace memscale {

namespace {

using Eigen::Index;
using Items = std::span<const std::int64_t>;

constexpr double bits_per_nat = 1.44269504088896340736, nats_per_bit = 0.693147180559945309417;

/// Queries that a task takes together: many, to read the competitors seldom; fewer in high dimensions, so that they
/// stay in the cache, and where there are few, so that all threads find work. A function of the sizes alone, as the
/// order of sums depends on it.
Index rows_per_task(Index rows, Index d) {
  const Index most = std::clamp<Index>(131072 / d, 64, most_softmax_queries), spread = rows / 24;
  return (std::clamp<Index>(spread, 64, most) + 31) / 32 * 32;
}

enum class Wanted { odds, odds_and_mean };

/// What one thread holds of its task.
struct Block {
  Index first = 0, rows = 0;
  Matrix v, x;               ///< (rows, d): inputs, and W v in bits
  Vector log_odds;           ///< (rows), log((1 - pi_ii) / pi_ii) = logsumexp_{j != i} s_ij - s_ii
  MatrixF mean;              ///< (rows, d), sum_{j != i} pi_ij u_j / (1 - pi_ii)
  std::vector<double> sums;  ///< what the task is for
  MatrixF x_single;          ///< x in float32
  std::vector<float> workspace;

  float* aligned_workspace(Index d) {
    workspace.resize(static_cast<std::size_t>(softmax_workspace(d, rows)) + 15);
    const auto misaligned = reinterpret_cast<std::uintptr_t>(workspace.data()) / sizeof(float) % 16;
    return workspace.data() + (16 - misaligned) % 16;
  }
};

class SoftmaxStream {
 public:
  SoftmaxStream(const GaussianMemory& memory, const Matrix& weights, Items items, Wanted wanted, ThreadTeam& team)
      : memory_(memory),
        weights_(weights),
        items_(items),
        wanted_(wanted),
        team_(team),
        kernel_(softmax_kernel_for(memory.dimension()).run),
        rows_per_task_(rows_per_task(static_cast<Index>(items.size()), memory.dimension())),
        blocks_(static_cast<std::size_t>(team.size())) {}

  /// use(block) makes the block's sums, on some rank of the team's group; then commit(first, rows, sums) on its leader,
  /// one at a time in the order of the items.
  template <class Use, class Commit>
  void run(const Use& use, const Commit& commit) {
    const auto block_of = [this](int thread) -> Block& { return blocks_[static_cast<std::size_t>(thread)]; };
    team_.run_split(
        static_cast<std::size_t>((rows() + rows_per_task_ - 1) / rows_per_task_),
        [&](std::size_t task, int thread) {
          Block& block = block_of(thread);
          block.first = static_cast<Index>(task) * rows_per_task_;
          block.rows = rows_of(task);
          compute(block);
          use(block);
        },
        [&](int thread) { return std::as_bytes(std::span(block_of(thread).sums)); },
        [&](std::size_t task, std::span<const std::byte> sums) {
          commit(static_cast<Index>(task) * rows_per_task_, rows_of(task), values_of<double>(sums));
        });
  }

  /// v of `rows` items from the first'th of the batch, in float64.
  void get_inputs(Index first, Index rows, Matrix& v) const {
    v.resize(rows, memory_.dimension());
    for (Index i = 0; i < rows; ++i)
      v.row(i) = memory_.v.row(items_[static_cast<std::size_t>(first + i)]).cast<double>();
  }

 private:
  Index rows() const { return static_cast<Index>(items_.size()); }
  Index rows_of(std::size_t task) const {
    return std::min(rows_per_task_, rows() - static_cast<Index>(task) * rows_per_task_);
  }

  void compute(Block& block) const {
    const Index d = memory_.dimension();
    const Items own = items_.subspan(static_cast<std::size_t>(block.first), static_cast<std::size_t>(block.rows));
    get_inputs(block.first, block.rows, block.v);
    block.x.resize(block.rows, d);
    blas::gemm(blas::Op::none, blas::Op::transpose, bits_per_nat, block.v, weights_, 0, block.x);
    block.x_single = block.x.cast<float>();
    block.log_odds.resize(block.rows);
    if (wanted_ == Wanted::odds_and_mean) block.mean.resize(block.rows, d);
    const SoftmaxQueries queries{.count = block.rows,
                                 .own = own.data(),
                                 .x = block.x_single.data(),
                                 .log2_sum = block.log_odds.data(),
                                 .mean = wanted_ == Wanted::odds_and_mean ? block.mean.data() : nullptr};
    kernel_(memory_.u.data(), memory_.items(), d, queries, block.aligned_workspace(d));
    for (Index i = 0; i < block.rows; ++i) {
      const double own_score = memory_.u.row(own[static_cast<std::size_t>(i)]).cast<double>().dot(block.x.row(i));
      block.log_odds(i) = (block.log_odds(i) - own_score) * nats_per_bit;
    }
  }

  const GaussianMemory& memory_;
  const Matrix& weights_;
  Items items_;
  Wanted wanted_;
  ThreadTeam& team_;
  SoftmaxKernel* kernel_;
  Index rows_per_task_;
  std::vector<Block> blocks_;
};

/// 1 / (1 + e^-x), to a relative accuracy for x far below 0 too.
double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

/// log(1 + e^x)
double softplus(double x) {
  return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}

/// sum_i q_i (logsumexp_j s_ij - s_ii) over the block.
double loss_of(const Block& block, const Vector& q) {
  double loss = 0;
  for (Index i = 0; i < block.rows; ++i) loss += q(block.first + i) * softplus(block.log_odds(i));
  return loss;
}

}  // namespace

SoftmaxGradient softmax_gradient(const GaussianMemory& memory, const Matrix& weights, const Batch& batch,
                                 ThreadTeam& team) {
  const Index d = memory.dimension();
  SoftmaxGradient sum{.gradient = Matrix::Zero(d, d), .loss = 0};
  SoftmaxStream stream(memory, weights, batch.items, Wanted::odds_and_mean, team);
  Matrix v;
  stream.run(
      [&](Block& block) {
        // rows q_i r_i, r_i = (1 - pi_ii) (u_i - mean_i), then the loss
        block.sums.resize(static_cast<std::size_t>(block.rows * d + 1));
        for (Index i = 0; i < block.rows; ++i) {
          const auto u = memory.u.row(batch.items[static_cast<std::size_t>(block.first + i)]);
          const double scale = batch.q(block.first + i) * sigmoid(block.log_odds(i));
          Eigen::Map<Eigen::RowVectorXd>(block.sums.data() + i * d, d) =
              scale * (u.cast<double>() - block.mean.row(i).cast<double>());
        }
        block.sums.back() = loss_of(block, batch.q);
      },
      [&](Index first, Index rows, std::span<const double> sums) {
        stream.get_inputs(first, rows, v);
        blas::gemm(blas::Op::transpose, blas::Op::none, 1, Eigen::Map<const Matrix>(sums.data(), rows, d), v, 1,
                   sum.gradient);
        sum.loss += sums.back();
      });
  broadcast(team.group(), std::span(sum.gradient.data(), static_cast<std::size_t>(sum.gradient.size())));
  sum.loss = leaders(team.group(), sum.loss);
  return sum;
}

double softmax_loss(const GaussianMemory& memory, const Matrix& weights, const Batch& batch, ThreadTeam& team) {
  double loss = 0;
  SoftmaxStream stream(memory, weights, batch.items, Wanted::odds, team);
  stream.run([&](Block& block) { block.sums.assign(1, loss_of(block, batch.q)); },
             [&](Index, Index, std::span<const double> sums) { loss += sums.front(); });
  return leaders(team.group(), loss);
}

Vector correct_probabilities(const GaussianMemory& memory, const Matrix& weights,
                             const std::vector<std::int64_t>& items, ThreadTeam& team) {
  std::vector<double> probabilities;
  SoftmaxStream stream(memory, weights, items, Wanted::odds, team);
  stream.run(
      [](Block& block) {
        block.sums.clear();
        for (Index i = 0; i < block.rows; ++i) block.sums.push_back(sigmoid(-block.log_odds(i)));
      },
      [&](Index, Index, std::span<const double> sums) {
        probabilities.insert(probabilities.end(), sums.begin(), sums.end());
      });
  broadcast(team.group(), probabilities);
  return Eigen::Map<const Vector>(probabilities.data(), static_cast<Index>(probabilities.size()));
}

}  // namespace memscale
