#include <limits>

#include "memscale/model/softmax_kernel.hpp"
#include "softmax_amx_split.hpp"
#include "softmax_amx_tile.hpp"
#include "softmax_panel.hpp"

// softmax_kernel.cpp's algorithm with products by AMX tiles (MEMSCALE_KERNEL names the function). While the tiles
// multiply for one panel of queries, the vector units take the exponentials of another.

namespace memscale {

namespace {

/// Competitors first .. first + count - 1, filled up to `rows` with zeros.
struct Block {
  Index first, count, rows;
  const Bf16* u;           ///< strips of 32 competitors
  const Bf16* transposed;  ///< strips of 32 coordinates
};

/// A panel's queries, scores and weights are strips of 32 columns.
struct Buffers {
  const Bf16* x;     ///< a strip of queries after the other
  float* scores[2];  ///< (rows, panel), for panels of even and odd number
  Bf16* weights[2];  ///< the strip of 2^(t - reference), from these scores
};

/// Takes a few scores t at a time to 2^(t - reference), split, and adds these up.
class Exponentials {
 public:
  /// `weights` may be null.
  Exponentials(const float* scores, Index rows, Panel& queries, Bf16* weights)
      : scores_(scores), rows_(rows), queries_(queries), weights_(weights) {}

  void step() {
    if (row_ == rows_) return;
    for (int half = 0; half < 2; ++half) {
      const Floats reference = load(queries_.reference + half * vector_lanes);
      const float* const from = scores_ + row_ * panel + half * vector_lanes;
      const Floats even = exp2_of(load(from) - reference), odd = exp2_of(load(from + panel) - reference);
      sum_[half] = sum_[half] + (even + odd);
      if (!weights_) continue;
      __m512i parts[3];
      split_pairs(even, odd, parts);
      Bf16* const to = weights_ + row_ / edge * step_size + half * tile_size + row_ % edge * 16;
      for (int part = 0; part < 3; ++part) _mm512_store_si512(to + part * part_size, parts[part]);
    }
    row_ += 2;
  }

  void finish() {
    while (row_ < rows_) step();
    alignas(64) float sums[panel];
    store(sums, sum_[0]);
    store(sums + vector_lanes, sum_[1]);
    for (int q = 0; q < panel; ++q) queries_.sum[q] += sums[q];
  }

 private:
  const float* scores_;
  Index row_ = 0, rows_;
  Panel& queries_;
  Bf16* weights_;
  Floats sum_[2] = {broadcast(0), broadcast(0)};
};

/// Brings memory that will be wanted soon to the second-level cache, in even parts.
class Ahead {
 public:
  Ahead(const void* from, Index bytes, Index parts)
      : from_(static_cast<const char*>(from)), lines_((bytes / 64 + parts - 1) / parts) {}

  void step() {
    for (Index line = 0; line < lines_; ++line, from_ += 64) _mm_prefetch(from_, _MM_HINT_T1);
  }

 private:
  const char* from_;
  Index lines_;
};

/// One block of competitors, all panels of queries.
class BlockSoftmax {
 public:
  BlockSoftmax(const Block& block, Index d, const Buffers& buffers, Panel* states, Index panels)
      : block_(block),
        d_(d),
        buffers_(buffers),
        states_(states),
        panels_(panels),
        steps_(round_up(d) / edge),
        strips_(block.rows / edge) {}

  void run() {
    const bool means = states_[0].total != nullptr;
    score(0, [] {});
    for (Index p = 0; p < panels_; ++p) {
      float* const scores = buffers_.scores[p % 2];
      for (Index i = block_.count * panel; i < block_.rows * panel; ++i) {
        scores[i] = -std::numeric_limits<float>::infinity();
      }
      mask_own(states_[p], block_.first, block_.count, scores);
      follow_largest(scores, block_.first, block_.count, d_, states_[p]);
      Exponentials exponentials(scores, block_.rows, states_[p], means ? buffers_.weights[p % 2] : nullptr);
      const auto meanwhile = [&] { exponentials.step(); };
      if (means && p > 0) add(p - 1, meanwhile);
      if (p + 1 < panels_) score(p + 1, meanwhile);
      exponentials.finish();
    }
    if (means) add(panels_ - 1, [] {});
  }

 private:
  /// S^T <- U X^T
  template <class Meanwhile>
  void score(Index p, const Meanwhile& meanwhile) const {
    const Index size = steps_ * step_size, next = (p + 1) % panels_;
    Ahead ahead(buffers_.x + next * size, size * static_cast<Index>(sizeof(Bf16)), 6 * steps_ * strips_);
    for (Index strip = 0; strip < strips_; ++strip) {
      multiply(block_.u + strip * size, buffers_.x + p * size, steps_, buffers_.scores[p % 2] + strip * edge * panel,
               false, [&] {
                 meanwhile();
                 ahead.step();
               });
    }
  }

  /// O^T += U^T P^T
  template <class Meanwhile>
  void add(Index p, const Meanwhile& meanwhile) const {
    const Index next = (p + 1) % panels_, bytes = steps_ * edge * panel * static_cast<Index>(sizeof(float));
    Ahead ahead(states_[next].total, bytes, 6 * steps_ * strips_);
    for (Index strip = 0; strip < steps_; ++strip) {
      multiply(block_.transposed + strip * strips_ * step_size, buffers_.weights[p % 2], strips_,
               states_[p].total + strip * edge * panel, block_.first > 0, [&] {
                 meanwhile();
                 ahead.step();
               });
    }
  }

  const Block& block_;
  Index d_;
  const Buffers& buffers_;
  Panel* states_;
  Index panels_;
  Index steps_, strips_;  ///< of 32 coordinates, of 32 competitors
};

}  // namespace

void MEMSCALE_KERNEL(const float* u, std::int64_t items, std::int64_t d, const SoftmaxQueries& queries,
                     float* workspace) {
  const Tiles tiles;
  const Index padded = round_up(d), panels = (queries.count + panel - 1) / panel, size = padded * panel;
  const Index rows = softmax_amx_block(d), weights_size = 3 * rows * panel;
  float* const totals = workspace;
  float* const scores = totals + panels * size;
  Bf16* const weights = reinterpret_cast<Bf16*>(scores + 2 * rows * panel);
  Bf16* const x = weights + 2 * weights_size;
  Bf16* const split = x + panels * 3 * size;
  Bf16* const transposed = queries.mean ? split + 3 * rows * padded : nullptr;
  Panel states[most_softmax_queries / panel];
  for (Index p = 0; p < panels; ++p) {
    states[p] = start_panel(queries, p * panel, totals + p * size);
    split_queries(queries.x + p * panel * d, states[p].count, d, x + p * 3 * size);
  }
  const Buffers buffers{x, {scores, scores + rows * panel}, {weights, weights + weights_size}};
  for (Index first = 0; first < items; first += rows) {
    const Index count = items - first < rows ? items - first : rows;
    const Block block{first, count, round_up(count), split, transposed};
    split_competitors(u + first * d, count, d, split, transposed);
    BlockSoftmax(block, d, buffers, states, panels).run();
  }
  for (Index p = 0; p < panels; ++p) finish(states[p], p * panel, d, queries);
}

}  // namespace memscale
