#include "memscale/model/batch.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <boost/random/binomial_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "memscale/model/gaussian_stream.hpp"

namespace memscale {

namespace {

/// What all draws of one batch have in common.
struct StreamKey {
  std::uint64_t seed;
  std::uint32_t d, step;
};

/// The random words of one item as a pure function of (seed, d, step, item): Philox4x32-10, counter (block, item, step,
/// purpose and d).
class ItemStream {
 public:
  using result_type = std::uint64_t;
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  ItemStream(const StreamKey& key, std::int64_t item)
      : key_{{static_cast<std::uint32_t>(key.seed), static_cast<std::uint32_t>(key.seed >> 32)}},
        counter_{{0, static_cast<std::uint32_t>(item), key.step,
                  (static_cast<std::uint32_t>(Purpose::batch) << 24) | key.d}} {}

  result_type operator()() {
    if (drawn_ % 2 == 0) {
      words_ = r123::Philox4x32()(counter_, key_);
      ++counter_[0];
    }
    const std::size_t first = 2 * (drawn_++ % 2);
    return words_[first] | static_cast<std::uint64_t>(words_[first + 1]) << 32;
  }

 private:
  r123::Philox4x32::key_type key_;
  r123::Philox4x32::ctr_type counter_, words_{};
  std::size_t drawn_ = 0;
};

/// sum_{k >= i} p_k for each i, smallest terms first.
std::vector<double> suffix_sums(const Vector& p) {
  std::vector<double> sums(static_cast<std::size_t>(p.size()));
  double sum = 0;
  for (auto i = sums.size(); i-- > 0;) sums[i] = sum += p(static_cast<Eigen::Index>(i));
  return sums;
}

/// Items and their counts, ascending.
struct Counts {
  std::vector<std::int64_t> items;
  std::vector<double> counts;  // whole

  void add(std::int64_t item, double count) {
    items.push_back(item);
    counts.push_back(count);
  }
};

/// Draws `remaining` items one by one from p restricted to items >= first, by the inverse of its distribution function.
void draw_singly(const std::vector<double>& suffix, const StreamKey& key, std::size_t first, std::int64_t remaining,
                 Counts& counts) {
  ItemStream stream(key, static_cast<std::int64_t>(first));  // that item draws no binomial
  std::vector<std::int64_t> drawn(static_cast<std::size_t>(remaining));
  for (std::int64_t& item : drawn) {
    const double target = boost::random::uniform_01<double>()(stream) * suffix[first];
    // the last item whose suffix sum is above the target
    const auto end = std::partition_point(suffix.begin() + static_cast<std::ptrdiff_t>(first) + 1, suffix.end(),
                                          [target](double sum) { return sum > target; });
    item = end - suffix.begin() - 1;
  }
  std::sort(drawn.begin(), drawn.end());
  for (auto run = drawn.begin(); run != drawn.end();) {
    const auto end = std::upper_bound(run, drawn.end(), *run);
    counts.add(*run, static_cast<double>(end - run));
    run = end;
  }
}

/// Multinomial counts by conditional binomials: n_i ~ Binomial(remaining, p_i / sum_{k >= i} p_k). As p descends, that
/// probability is at least 1 / items left, far from where 1 - p loses it to rounding.
Counts draw_counts(const Vector& p, std::int64_t size, const StreamKey& key) {
  // A binomial takes the time of half a single draw (measured); no later item expects more.
  constexpr double worthwhile = 0.5;
  const std::vector<double> suffix = suffix_sums(p);
  Counts counts;
  std::int64_t remaining = size;
  for (std::size_t i = 0; remaining > 0; ++i) {
    const auto item = static_cast<std::int64_t>(i);
    const double probability = i + 1 == suffix.size() ? 1 : p(item) / suffix[i];
    if (probability * static_cast<double>(remaining) < worthwhile) {
      draw_singly(suffix, key, i, remaining, counts);
      break;
    }
    ItemStream stream(key, item);
    const std::int64_t count = probability < 1
                                   ? boost::random::binomial_distribution<std::int64_t>(remaining, probability)(stream)
                                   : remaining;
    if (count > 0) counts.add(item, static_cast<double>(count));
    remaining -= count;
  }
  return counts;
}

}  // namespace

Batch population_batch(const Vector& p) {
  Batch batch{std::vector<std::int64_t>(static_cast<std::size_t>(p.size())), p};
  std::iota(batch.items.begin(), batch.items.end(), 0);
  return batch;
}

Batch draw_batch(const Vector& p, double B, std::uint64_t seed, std::int64_t d, std::int64_t step) {
  constexpr std::int64_t word = std::int64_t{1} << 32;
  if (!(B >= 1 && B <= 1e15 && B == std::floor(B))) throw std::invalid_argument("batch size not a whole 1 .. 1e15");
  if (step < 1 || step >= word || p.size() >= word || d < 1 || d >= 1 << 24)
    throw std::invalid_argument("draw_batch: step, items or d beyond the random counter");
  const StreamKey key{seed, static_cast<std::uint32_t>(d), static_cast<std::uint32_t>(step)};
  Counts counts = draw_counts(p, static_cast<std::int64_t>(B), key);
  const Eigen::Map<const Vector> drawn(counts.counts.data(), static_cast<Eigen::Index>(counts.counts.size()));
  return {std::move(counts.items), drawn / B};
}

}  // namespace memscale
