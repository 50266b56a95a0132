#include "memscale/analysis/seed_plan.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

namespace memscale {

namespace {

constexpr double pooled_seeds = 4;      // that phi counts for: it agrees between d to about a factor of two
constexpr double near_best = 1.01;      // of a half-width that cannot be met: the last percent would take all cells
constexpr double doubtful = 1.05;       // up to which it may be met all the same: found half-widths vary by 3 %
constexpr double nearest_best = 1.001;  // of such a one
constexpr double aim = 0.97;            // of a target: a round that just misses it takes another, for which ranks wait
constexpr std::int64_t least_step = 2;  // seeds that a round may always add to a cell

struct Moments {
  double seeds = 0, mean = 0, variance = 0;
};

Moments moments_of(const std::vector<double>& values) {
  Moments found{static_cast<double>(values.size()), 0, 0};
  for (double value : values) found.mean += value / found.seeds;
  for (double value : values) found.variance += (value - found.mean) * (value - found.mean) / (found.seeds - 1);
  return found;
}

/// What one cell contributes to an estimate.
struct Share {
  std::size_t cell;
  double seeds;  ///< finished
  double lost;   ///< planned, but failed
  double work;
  double own;     ///< w^2 s^2 by its own seeds
  double pooled;  ///< by those of the others as well
};

std::vector<Share> shares_of(const std::vector<SeedCell>& cells, const SeedEstimate& estimate) {
  double phi = 0, freedom = 0;
  std::vector<Moments> moments;
  for (const SeedEstimate::Term& term : estimate.terms) {
    const Moments& m = moments.emplace_back(moments_of(cells[term.cell].capacities));
    phi += (m.seeds - 1) * m.variance / m.mean;
    freedom += m.seeds - 1;
  }
  phi /= freedom;
  std::vector<Share> shares;
  for (std::size_t k = 0; k < moments.size(); ++k) {
    const Moments& m = moments[k];
    const SeedEstimate::Term& term = estimate.terms[k];
    const double square = term.weight * term.weight, own = m.variance / (m.mean * m.mean);
    const double pooled = ((m.seeds - 1) * own + pooled_seeds * phi / m.mean) / (m.seeds - 1 + pooled_seeds);
    shares.push_back({term.cell, m.seeds, static_cast<double>(cells[term.cell].planned) - m.seeds,
                      cells[term.cell].work, square * own, square * pooled});
  }
  return shares;
}

/// t sqrt(V) where share k has seeds[k] seeds.
double half_width(const std::vector<Share>& shares, double Share::*variance, const std::vector<double>& seeds) {
  double sum = 0, weighted = 0;
  for (std::size_t k = 0; k < shares.size(); ++k) {
    const double v = shares[k].*variance / seeds[k];
    sum += v;
    weighted += v * v / (seeds[k] - 1);
  }
  if (!(weighted > 0)) return 0;
  const boost::math::students_t student(sum * sum / weighted);
  return boost::math::quantile(student, 0.975) * std::sqrt(sum);
}

std::vector<double> present_seeds(const std::vector<Share>& shares) {
  std::vector<double> seeds;
  for (const Share& share : shares) seeds.push_back(share.seeds);
  return seeds;
}

/// What an interval of half-width `found` is wider than t sqrt(V): by the seeds that cells share, by capacities far
/// from normal.
double excess(const std::vector<Share>& shares, double Share::*variance, double found) {
  constexpr double most = 4;
  const double expected = half_width(shares, variance, present_seeds(shares));
  return expected > 0 && std::isfinite(found) ? std::clamp(found / expected, 1 / most, most) : 1;
}

/// The most seeds that each share may have.
std::vector<double> most_seeds(const std::vector<Share>& shares, double max_seeds) {
  std::vector<double> seeds;
  for (const Share& share : shares) seeds.push_back(std::max(share.seeds, max_seeds - share.lost));
  return seeds;
}

/// Neyman's seeds of each share for a multiplier, whole, between those that are there and the most.
std::vector<double> neyman_seeds(const std::vector<Share>& shares, double multiplier, double max_seeds) {
  std::vector<double> seeds = most_seeds(shares, max_seeds);
  for (std::size_t k = 0; k < shares.size(); ++k) {
    const double wanted = std::ceil(multiplier * std::sqrt(shares[k].pooled / shares[k].work));
    seeds[k] = std::clamp(wanted, shares[k].seeds, seeds[k]);
  }
  return seeds;
}

/// The fewest such seeds by which t sqrt(V) is expected to be at most `goal`, or near the least possible.
std::vector<double> seeds_for(const std::vector<Share>& shares, double goal, double max_seeds) {
  double low = std::numeric_limits<double>::infinity(), high = 0;
  for (const Share& share : shares) {
    if (!(share.pooled > 0)) continue;
    const double unit = std::sqrt(share.pooled / share.work);
    low = std::min(low, share.seeds / unit);  // with the least of these none is added, with the greatest all
    high = std::max(high, std::max(max_seeds, share.seeds) / unit);
  }
  if (high == 0) return present_seeds(shares);
  const double best = half_width(shares, &Share::pooled, neyman_seeds(shares, high, max_seeds));
  const double attainable = std::max(goal, best * (best > doubtful * goal ? near_best : nearest_best));
  for (int halving = 0; halving < 60; ++halving) {
    const double middle = std::sqrt(low * high);
    if (half_width(shares, &Share::pooled, neyman_seeds(shares, middle, max_seeds)) <= attainable)
      high = middle;
    else
      low = middle;
  }
  return neyman_seeds(shares, high, max_seeds);
}

/// What a round may add to a cell.
std::int64_t most_added(const SeedCell& cell, std::int64_t max_seeds) {
  const auto finished = static_cast<std::int64_t>(cell.capacities.size());
  return std::max<std::int64_t>(0, std::min(std::max(finished, least_step), max_seeds - cell.planned));
}

/// The share whose next seed lowers the variance most for its work, among those that may have one; nothing if none may.
const Share* most_useful(const std::vector<Share>& shares, const std::vector<SeedCell>& cells, std::int64_t max_seeds) {
  const Share* found = nullptr;
  const auto use = [](const Share& share) { return share.pooled / (share.seeds * (share.seeds + 1)) / share.work; };
  for (const Share& share : shares)
    if (cells[share.cell].planned < max_seeds && share.pooled > 0 && (!found || use(share) > use(*found)))
      found = &share;
  return found;
}

using Additions = std::vector<std::int64_t>;

void raise(Additions& added, std::size_t cell, std::int64_t seeds) {
  added[cell] = std::max(added[cell], seeds);
}

/// Adds the seeds without which there is no interval: a second one, and more to cells with capacities of 0. Returns
/// whether there was need.
bool add_for_interval(Additions& added, const std::vector<SeedCell>& cells, const SeedEstimate& estimate,
                      std::int64_t max_seeds) {
  bool is_single = false, has_zero = false;
  for (const SeedEstimate::Term& term : estimate.terms) {
    const SeedCell& cell = cells[term.cell];
    if (cell.capacities.size() >= 2) continue;
    is_single = true;
    raise(added, term.cell, std::min<std::int64_t>(1, most_added(cell, max_seeds)));
  }
  if (is_single || std::isfinite(estimate.half_width)) return is_single;
  for (const SeedEstimate::Term& term : estimate.terms) {
    const SeedCell& cell = cells[term.cell];
    if (std::find(cell.capacities.begin(), cell.capacities.end(), 0) == cell.capacities.end()) continue;
    has_zero = true;
    raise(added, term.cell, most_added(cell, max_seeds));
  }
  return has_zero;
}

/// Adds what narrows the interval to its target.
void add_for_target(Additions& added, const std::vector<SeedCell>& cells, const SeedEstimate& estimate,
                    std::int64_t max_seeds) {
  const std::vector<Share> shares = shares_of(cells, estimate);
  // By the pooled variances as well: what is expected of the present seeds is no narrower than what was found.
  const double goal = estimate.target / std::max(excess(shares, &Share::own, estimate.half_width),
                                                 excess(shares, &Share::pooled, estimate.half_width));
  const auto most = static_cast<double>(max_seeds);
  const std::vector<double> wanted = seeds_for(shares, aim * goal, most);
  bool adds = false;
  for (std::size_t k = 0; k < shares.size(); ++k) {
    const auto more = static_cast<std::int64_t>(wanted[k] - shares[k].seeds);
    const std::int64_t now = std::min(more, most_added(cells[shares[k].cell], max_seeds));
    raise(added, shares[k].cell, now);
    adds = adds || now > 0;
  }
  // It is a little wider than expected: the expectation must not end the search.
  if (adds || half_width(shares, &Share::pooled, most_seeds(shares, most)) > goal) return;
  if (const Share* next = most_useful(shares, cells, max_seeds))
    raise(added, next->cell,
          std::min(1 + static_cast<std::int64_t>(next->seeds / 16), most_added(cells[next->cell], max_seeds)));
}

}  // namespace

std::vector<std::int64_t> plan_seeds(const std::vector<SeedCell>& cells, const std::vector<SeedEstimate>& estimates,
                                     std::int64_t max_seeds) {
  Additions added(cells.size(), 0);
  for (const SeedEstimate& estimate : estimates) {
    if (estimate.is_met() || estimate.terms.empty()) continue;
    if (!add_for_interval(added, cells, estimate, max_seeds)) add_for_target(added, cells, estimate, max_seeds);
  }
  return added;
}

std::optional<std::int64_t> uniform_seeds(const std::vector<SeedCell>& cells,
                                          const std::vector<SeedEstimate>& estimates, std::int64_t max_seeds) {
  std::int64_t least = 2;
  for (const SeedEstimate& estimate : estimates) {
    if (estimate.terms.empty()) return std::nullopt;
    for (const SeedEstimate::Term& term : estimate.terms)
      if (cells[term.cell].capacities.size() < 2) return std::nullopt;
    const std::vector<Share> shares = shares_of(cells, estimate);
    const double goal = estimate.target / excess(shares, &Share::pooled, estimate.half_width);
    const auto meets = [&](std::int64_t seeds) {
      return half_width(shares, &Share::pooled, std::vector<double>(shares.size(), static_cast<double>(seeds))) <= goal;
    };
    if (!meets(max_seeds)) return std::nullopt;
    std::int64_t enough = max_seeds;
    for (std::int64_t low = least - 1; enough - low > 1;) {
      const std::int64_t middle = low + (enough - low) / 2;
      (meets(middle) ? enough : low) = middle;
    }
    least = std::max(least, enough);
  }
  return least;
}

}  // namespace memscale
