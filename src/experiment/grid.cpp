#include "memscale/experiment/grid.hpp"

#include <cstdio>
#include <set>
#include <span>
#include <unordered_set>
#include <utility>

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

using Identity = std::pair<std::uint64_t, std::uint64_t>;

/// Equal for methods that are equal in every grid: two alphas tell an automatic lambda from the same number given.
Identity method_identity(Trial method) {
  method.alpha = 1.5;
  const std::uint64_t first = trial_id(canonical(method));
  method.alpha = 2.5;
  return {first, trial_id(canonical(method))};
}

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

}  // namespace

std::vector<Trial> expand_methods(const Grid& grid) {
  std::vector<Trial> methods;
  std::set<Identity> known;
  for (OptimizerKind optimizer : grid.optimizers) {
    const auto own = grid.own.find(optimizer);
    const std::span<const Axis> axes = own == grid.own.end() ? std::span<const Axis>{} : own->second;
    check_count(combinations(axes));
    Place place(axes);
    do {
      Trial method;
      method.optimizer = optimizer;
      place.set(method);
      if (known.insert(method_identity(method)).second) methods.push_back(method);
    } while (place.next());
  }
  return methods;
}

std::vector<Trial> expand(const Grid& grid) {
  const std::vector<Trial> methods = expand_methods(grid);
  check_count(combinations(grid.common) * static_cast<double>(methods.size()));
  std::vector<Trial> trials;
  std::unordered_set<std::uint64_t> known;
  Place place(grid.common);
  do {
    for (Trial trial : methods) {
      place.set(trial);
      trial = canonical(trial);
      if (known.insert(trial_id(trial)).second) trials.push_back(trial);
    }
  } while (place.next());
  return trials;
}

}  // namespace memscale
