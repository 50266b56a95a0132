#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "memscale/analysis/aggregate.hpp"
#include "memscale/analysis/estimate.hpp"
#include "memscale/analysis/panel_figure.hpp"

namespace memscale {

/// Values of one parameter, each with a colour of its own.
class Palette {
 public:
  void add(double value) { values_.insert(value); }
  std::size_t style(double value) const;
  std::vector<double> values() const { return {values_.begin(), values_.end()}; }
  std::size_t size() const { return values_.size(); }
  bool contains(double value) const { return values_.contains(value); }
  /// At most `count` of them, evenly spread, first and last included.
  Palette spread(std::size_t count) const;
  /// "α = 1.5" for each.
  void add_to_key(const std::string& name, PlotLook look, std::vector<KeyEntry>& key) const;

 private:
  std::set<double> values_;
};

PlotAxis dimension_axis(std::vector<double> d = {});
PlotAxis capacity_axis();

/// The cell's mean capacity at x, its bar one standard error.
PlotPoint capacity_at(double x, const Cell& cell);
/// Mean of values seed by seed and its standard error, of those that are numbers.
PlotPoint mean_at(double x, const std::vector<double>& values);
/// An estimate, its bar the 95 % interval.
PlotPoint estimate_at(double x, const Estimate& estimate);

/// Families by their place in the aggregate, as figures over d show them: of several batch sizes the largest alone, and
/// at most most_families_drawn.
std::vector<std::size_t> drawn_families(const Aggregate& data);
/// What drawn_families leaves out, as sentences that follow a caption; empty where that is nothing.
std::string families_left_out(const Aggregate& data);

/// " Shown are 12 of 30 panels." or nothing.
std::string left_out(std::size_t shown, std::size_t all, const std::string& what);

}  // namespace memscale
