#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace memscale {

/// Trials that differ in their seed alone, as those who plan more of them see them.
struct SeedCell {
  std::vector<double> capacities;  ///< of its finished trials
  std::int64_t planned = 0;        ///< its trials so far, failed ones included
  double work = 1;                 ///< of one trial
};

/// A number that is linear in the cells' log mean capacities, and how well it is known.
struct SeedEstimate {
  struct Term {
    std::size_t cell;
    double weight;
  };
  std::vector<Term> terms;  ///< cells of positive mean capacity, each once; none: the number does not exist
  double target = 0;        ///< half-width that its 95 % interval is to have at most
  double half_width = 0;    ///< that it has; infinity: it has no interval yet

  bool is_met() const { return half_width <= target; }
};

/// How many seeds the next round adds to each cell, by the estimates that miss their targets.
///
/// Such an estimate has the variance V = sum w^2 s^2 / n over its cells, s the relative standard deviation of one seed,
/// and the half-width r t sqrt(V), t Student's quantile with Satterthwaite's degrees of freedom, r what the interval as
/// found is wider than that now. Neyman's n ~ |w| s / sqrt(work) meets a target, aimed at from 3 % below it, by the
/// least work; a cell gets what the most demanding of its estimates asks for, and in a round at most as many seeds as
/// it has (or 2), for s is known badly from few. No cell gets beyond `max_seeds`; where even that would miss the
/// target, what comes within 1 % of it. All is 0 where nothing is left to be done.
///
/// Few seeds that agree by chance do not make s = 0: a capacity counts items, so its variance is about phi times its
/// mean with one phi for the cells of an estimate, and s^2 is drawn towards phi / mean as by 4 further seeds.
std::vector<std::int64_t> plan_seeds(const std::vector<SeedCell>& cells, const std::vector<SeedEstimate>& estimates,
                                     std::int64_t max_seeds);

/// The smallest number of seeds, the same for every cell, from 2 to `max_seeds`, by which all estimates are expected to
/// meet their targets; nothing if there is none.
std::optional<std::int64_t> uniform_seeds(const std::vector<SeedCell>& cells,
                                          const std::vector<SeedEstimate>& estimates, std::int64_t max_seeds);

}  // namespace memscale
