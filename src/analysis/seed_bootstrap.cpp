#include "memscale/analysis/seed_bootstrap.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <set>

namespace memscale {

namespace {

constexpr double tail = 0.025;                // of a 95 % interval, on each side
constexpr double longest_skipped = 0.05;      // share of resamples with mean 0 that an interval bears
constexpr std::uint32_t stream = 0x66697473;  // "fits": keeps these draws apart from every other use of the generator

/// Endless uniform indices below `size` for one (d, replicate).
class IndexStream {
 public:
  IndexStream(std::int64_t d, int replicate, std::size_t size)
      : key_{{static_cast<std::uint32_t>(d), stream}},
        counter_{{0, static_cast<std::uint32_t>(replicate), 0, 0}},
        size_(size) {}

  std::size_t next() {
    if (used_ == 4) {
      block_ = r123::Philox4x32()(counter_, key_);
      ++counter_[0];
      used_ = 0;
    }
    return static_cast<std::size_t>((std::uint64_t{block_[used_++]} * size_) >> 32);
  }

 private:
  r123::Philox4x32::key_type key_;
  r123::Philox4x32::ctr_type counter_, block_{};
  std::size_t used_ = 4;
  std::uint64_t size_;
};

double variance(const std::vector<double>& values) {
  double mean = 0, squares = 0;
  for (double v : values) mean += v;
  mean /= static_cast<double>(values.size());
  for (double v : values) squares += (v - mean) * (v - mean);
  return squares / static_cast<double>(values.size() - 1);
}

/// Quantile with linear interpolation between order statistics; `sorted` is ascending.
double quantile(const std::vector<double>& sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

/// One d's share in an estimate, replicate by replicate.
struct Part {
  std::vector<double> values;
  double seeds;  // fewest of its cells
};

/// t_nu / z, Satterthwaite's nu over the parts.
double small_sample_factor(const std::vector<Part>& parts) {
  double sum = 0, weighted = 0;
  for (const Part& part : parts) {
    const double v = variance(part.values);
    sum += v;
    weighted += v * v / (part.seeds - 1);
  }
  if (!(weighted > 0)) return 1;  // no spread, nothing to scale
  const double nu = sum * sum / weighted;
  const boost::math::students_t student(nu);
  const boost::math::normal normal;
  return boost::math::quantile(student, 1 - tail) / boost::math::quantile(normal, 1 - tail);
}

/// Removes the replicates in which a mean was 0. False where too few are left.
bool keep_finite(std::vector<Part>& parts, std::size_t replicates) {
  std::vector<bool> finite(replicates, true);
  for (const Part& part : parts)
    for (std::size_t r = 0; r < replicates; ++r) finite[r] = finite[r] && std::isfinite(part.values[r]);
  for (Part& part : parts) {
    std::vector<double> kept;
    for (std::size_t r = 0; r < replicates; ++r)
      if (finite[r]) kept.push_back(part.values[r]);
    part.values = std::move(kept);
  }
  const auto kept = static_cast<double>(std::count(finite.begin(), finite.end(), true));
  return kept >= (1 - longest_skipped) * static_cast<double>(replicates);
}

}  // namespace

SeedBootstrap::SeedBootstrap(const Aggregate& data, int replicates) : replicates_(replicates) {
  std::map<std::int64_t, std::set<std::int64_t>> seeds;
  for (const Family& family : data.families)
    for (const Series& series : family.series)
      for (const Cell& cell : series.cells) seeds[cell.trial.d].insert(cell.seeds.begin(), cell.seeds.end());
  for (const auto& [d, pool] : seeds) pools_[d].assign(pool.begin(), pool.end());
}

/// sqrt(n / (n - 1)) (log mean of a resample - log mean). Draws that fall on a seed which the cell lacks are passed
/// over, so each resample has n seeds and cells with equal seeds share it.
std::vector<double> SeedBootstrap::deviations(const Cell& cell) const {
  const std::vector<std::int64_t>& pool = pools_.at(cell.trial.d);
  std::vector<double> capacity(pool.size(), -1);
  for (std::size_t i = 0; i < cell.seeds.size(); ++i)
    capacity[static_cast<std::size_t>(std::lower_bound(pool.begin(), pool.end(), cell.seeds[i]) - pool.begin())] =
        cell.capacities[i];
  const std::size_t n = cell.seeds.size();
  const double scale = std::sqrt(static_cast<double>(n) / static_cast<double>(n - 1));
  std::vector<double> found;
  for (int r = 0; r < replicates_; ++r) {
    IndexStream draws(cell.trial.d, r, pool.size());
    double sum = 0;
    for (std::size_t taken = 0; taken < n;) {
      const double drawn = capacity[draws.next()];
      if (drawn < 0) continue;
      sum += drawn;
      ++taken;
    }
    found.push_back(scale * std::log(sum / static_cast<double>(n) / cell.mean_capacity));
  }
  return found;
}

Estimate SeedBootstrap::estimate(const std::vector<Term>& terms) const {
  Estimate found;
  found.value = 0;
  bool resampled = !terms.empty();
  for (const Term& term : terms) {
    found.value += term.weight * std::log(term.cell->mean_capacity);
    resampled = resampled && term.cell->seeds.size() > 1;
  }
  if (!resampled) return found;

  const auto replicates = static_cast<std::size_t>(replicates_);
  std::map<std::int64_t, Part> by_d;
  for (const Term& term : terms) {
    const auto n = static_cast<double>(term.cell->seeds.size());
    Part& part = by_d.try_emplace(term.cell->trial.d, Part{std::vector<double>(replicates, 0), n}).first->second;
    part.seeds = std::min(part.seeds, n);
    const std::vector<double> deviation = deviations(*term.cell);
    for (std::size_t r = 0; r < replicates; ++r) part.values[r] += term.weight * deviation[r];
  }
  std::vector<Part> parts;
  for (auto& [d, part] : by_d) parts.push_back(std::move(part));
  if (!keep_finite(parts, replicates)) return found;

  std::vector<double> total(parts.front().values.size(), 0);
  for (const Part& part : parts)
    for (std::size_t r = 0; r < total.size(); ++r) total[r] += part.values[r];
  const double factor = small_sample_factor(parts);
  found.standard_error = std::sqrt(variance(total));
  std::sort(total.begin(), total.end());
  found.low = found.value + factor * quantile(total, tail);
  found.high = found.value + factor * quantile(total, 1 - tail);
  return found;
}

}  // namespace memscale
