#include "memscale/experiment/grid.hpp"

#include <cstdio>
#include <span>
#include <unordered_set>

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

/// Product of the sizes; a double, as it may be beyond any integer.
double combinations(std::span<const Axis> axes) {
  double product = 1;
  for (const Axis& axis : axes) product *= static_cast<double>(axis.size);
  return product;
}

void check_count(double count) {
  if (count <= static_cast<double>(most_trials)) return;
  constexpr double exact = 9e15;
  char text[32];
  std::snprintf(text, sizeof text, count < exact ? "%.0f" : "%.3g", count);
  throw InputError("a grid of " + std::string(text) + " trials is too large (must be at most " + to_text(most_trials) +
                   ")");
}

/// A place in a product of axes, last axis fastest.
class Place {
 public:
  explicit Place(std::span<const Axis> axes) : axes_(axes), index_(axes.size(), 0) {}

  void set(Trial& trial) const {
    for (std::size_t k = 0; k < axes_.size(); ++k) axes_[k].set(trial, index_[k]);
  }
  /// Moves on; false after the last place.
  bool next() {
    for (std::size_t k = axes_.size(); k-- > 0;) {
      if (++index_[k] < axes_[k].size) return true;
      index_[k] = 0;
    }
    return false;
  }

 private:
  std::span<const Axis> axes_;
  std::vector<std::size_t> index_;
};

/// An optimizer and one choice of its own parameters.
struct Method {
  OptimizerKind optimizer;
  Place own;
};

std::span<const Axis> own_axes(const Grid& grid, OptimizerKind optimizer) {
  const auto own = grid.own.find(optimizer);
  return own == grid.own.end() ? std::span<const Axis>{} : own->second;
}

double count_methods(const Grid& grid) {
  double count = 0;
  for (OptimizerKind optimizer : grid.optimizers) count += combinations(own_axes(grid, optimizer));
  return count;
}

std::vector<Method> list_methods(const Grid& grid) {
  std::vector<Method> methods;
  for (OptimizerKind optimizer : grid.optimizers) {
    Place own(own_axes(grid, optimizer));
    do methods.push_back({optimizer, own});
    while (own.next());
  }
  return methods;
}

}  // namespace

std::vector<Trial> expand(const Grid& grid) {
  check_count(combinations(grid.common) * count_methods(grid));
  const std::vector<Method> methods = list_methods(grid);
  std::vector<Trial> trials;
  std::unordered_set<std::uint64_t> known;
  Place place(grid.common);
  do {
    for (const Method& method : methods) {
      Trial trial;
      trial.optimizer = method.optimizer;
      place.set(trial);
      method.own.set(trial);
      trial = canonical(trial);
      if (known.insert(trial_id(trial)).second) trials.push_back(trial);
    }
  } while (place.next());
  return trials;
}

}  // namespace memscale
