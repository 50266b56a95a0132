#include "memscale/analysis/figure_parts.hpp"

#include <algorithm>
#include <cmath>

#include "memscale/analysis/family_group.hpp"
#include "memscale/analysis/figures.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr std::size_t fewest_batches = 3;  // from which on a figure of its own shows them

/// Families without those whose batch size is not the largest of several.
std::vector<std::size_t> of_largest_batch(const Aggregate& data) {
  std::set<const Family*> dropped;
  for (const FamilyGroup& group : families_along(data, "batch"))
    if (group.families.size() >= fewest_batches) dropped.insert(group.families.begin(), group.families.end() - 1);
  std::vector<std::size_t> kept;
  for (std::size_t f = 0; f < data.families.size(); ++f)
    if (!dropped.contains(&data.families[f])) kept.push_back(f);
  return kept;
}

}  // namespace

std::size_t Palette::style(double value) const {
  return static_cast<std::size_t>(std::distance(values_.begin(), values_.find(value)));
}

Palette Palette::spread(std::size_t count) const {
  Palette kept;
  for (double value : memscale::spread(values(), count)) kept.add(value);
  return kept;
}

void Palette::add_to_key(const std::string& name, PlotLook look, std::vector<KeyEntry>& key) const {
  for (double value : values_) key.push_back({name + " = " + to_text(value), look, style(value)});
}

PlotAxis dimension_axis(std::vector<double> d) {
  return {"dimension d", AxisScale::logarithmic, std::move(d)};
}

PlotAxis capacity_axis() {
  return {"mean capacity (items)", AxisScale::logarithmic};
}

PlotPoint capacity_at(double x, const Cell& cell) {
  return {x, cell.mean_capacity, cell.mean_capacity - cell.standard_error, cell.mean_capacity + cell.standard_error};
}

PlotPoint mean_at(double x, const std::vector<double>& values) {
  double sum = 0, squares = 0, n = 0;
  for (double value : values)
    if (std::isfinite(value)) sum += value, n += 1;
  const double mean = sum / n;
  for (double value : values)
    if (std::isfinite(value)) squares += (value - mean) * (value - mean);
  const double error = std::sqrt(squares / (n - 1) / n);  // NaN for one
  return {x, mean, mean - error, mean + error};
}

PlotPoint estimate_at(double x, const Estimate& estimate) {
  if (!estimate.has_interval()) return {x, estimate.value};
  return {x, estimate.value, estimate.low, estimate.high};
}

std::vector<std::size_t> drawn_families(const Aggregate& data) {
  std::vector<std::size_t> kept = of_largest_batch(data);
  kept.resize(std::min(kept.size(), most_families_drawn));
  return kept;
}

std::string families_left_out(const Aggregate& data) {
  const std::size_t kept = of_largest_batch(data).size();
  std::string text;
  if (kept < data.families.size()) text = " Of several batch sizes the largest is shown.";
  return text + left_out(std::min(kept, most_families_drawn), kept, "methods");
}

std::string left_out(std::size_t shown, std::size_t all, const std::string& what) {
  if (shown >= all) return {};
  return " Shown are " + std::to_string(shown) + " of " + std::to_string(all) + " " + what + ".";
}

}  // namespace memscale
