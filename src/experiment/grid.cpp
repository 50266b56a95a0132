#include "memscale/experiment/grid.hpp"

#include <cstdio>
#include <optional>
#include <span>

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/id_set.hpp"

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

  /// Gives `trial` the values of the axes from number `first` on.
  void set(Trial& trial, std::size_t first = 0) const {
    for (std::size_t k = first; k < axes_.size(); ++k) axes_[k].set(trial, index_[k]);
  }
  /// Moves on. Returns the first axis that has another value; nothing after the last place.
  std::optional<std::size_t> next() {
    for (std::size_t k = axes_.size(); k-- > 0;) {
      if (++index_[k] < axes_[k].size) return k;
      index_[k] = 0;
    }
    return std::nullopt;
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

TrialList expand(const Grid& grid) {
  const double count = combinations(grid.common) * count_methods(grid);
  check_count(count);
  const std::vector<Method> methods = list_methods(grid);
  TrialList list;
  list.trials.reserve(static_cast<std::size_t>(count));
  list.ids.reserve(static_cast<std::size_t>(count));
  IdSet known(static_cast<std::size_t>(count));
  Trial common;
  Place place(grid.common);
  for (std::optional<std::size_t> moved = 0; moved; moved = place.next()) {
    place.set(common, *moved);
    for (const Method& method : methods) {
      Trial trial = common;
      trial.optimizer = method.optimizer;
      method.own.set(trial);
      trial = canonical(trial);
      const std::uint64_t id = trial_id(trial);
      if (!known.insert(id)) continue;
      list.trials.push_back(trial);
      list.ids.push_back(id);
    }
  }
  return list;
}

}  // namespace memscale
