#include "memscale/analysis/cell_builder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "memscale/model/recall.hpp"

namespace memscale {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// Of the population, after `step` steps: that of the batch before the next step is the same without a batch.
double loss_after(const Record& record, std::int64_t step) {
  if (step >= record.result.steps_done) return record.result.loss;
  const auto next = static_cast<std::size_t>(step);  // train_loss[t] belongs to step t + 1
  const bool known = std::isinf(record.trial.batch) && next < record.trace.train_loss.size();
  return known ? record.trace.train_loss[next] : unknown;
}

double capacity_after(const Record& record, std::int64_t step) {
  const auto& capacity = record.trace.capacity;
  const auto index = static_cast<std::size_t>(step - 1);
  return index < capacity.size() ? capacity[index] : static_cast<double>(record.result.capacity);
}

/// The rows of a matrix of `columns` columns, in this order.
std::vector<float> rows_of(const std::vector<float>& values, std::size_t columns, const std::vector<std::size_t>& rows,
                           std::size_t kept_columns) {
  std::vector<float> kept;
  kept.reserve(rows.size() * kept_columns);
  for (std::size_t row : rows) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(row * columns);
    kept.insert(kept.end(), begin, begin + static_cast<std::ptrdiff_t>(kept_columns));
  }
  return kept;
}

}  // namespace

void CellBuilder::Sum::add(double value) {
  if (std::isnan(value)) return;
  sum += value;
  ++count;
}

double CellBuilder::Sum::mean() const {
  return count > 0 ? sum / count : unknown;
}

void CellBuilder::add(const Record& record) {
  const Result& result = record.result;
  if (seeds_.empty() || record.trial.seed < trial_.seed) trial_ = record.trial;
  seeds_.push_back({record.trial.seed, result.steps_done, static_cast<double>(result.capacity),
                    static_cast<double>(result.prefix), result.accuracy, result.loss});
  longest_ = std::max(longest_, result.steps_done);
  add_trace(record);
  add_recall(record);
  const auto add_spectrum = [](const Spectrum& s, SpectrumSums& sums) {
    const double values[] = {s.largest, s.smallest, s.entropy, s.effective_rank, s.top_energy, s.quartile_ratio};
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i].add(values[i]);
  };
  add_spectrum(result.update, update_);
  add_spectrum(result.weights, weights_);
}

void CellBuilder::add_trace(const Record& record) {
  if (record.trial.steps < 2) return;
  if (trace_.steps.empty()) trace_.steps = traced_steps(record.trial.steps);
  for (std::int64_t step : trace_.steps) {
    trace_.capacities.push_back(static_cast<float>(capacity_after(record, step)));
    trace_.losses.push_back(static_cast<float>(loss_after(record, step)));
  }
}

void CellBuilder::add_recall(const Record& record) {
  if (record.recall.empty()) return;
  recovered_.resize(std::max(recovered_.size(), record.recall.size()));
  for (std::size_t k = 0; k < record.recall.size(); ++k)
    recovered_[k] += static_cast<double>(std::max<std::int64_t>(record.recall[k], 0));
  ++recalls_;
}

Cell CellBuilder::finish() {
  std::vector<std::size_t> order(seeds_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return seeds_[a].seed < seeds_[b].seed; });
  const auto last = std::unique(order.begin(), order.end(),
                                [&](std::size_t a, std::size_t b) { return seeds_[a].seed == seeds_[b].seed; });
  repeated_ = order.end() - last;
  order.erase(last, order.end());

  Cell cell;
  cell.trial = trial_;
  keep_first_of_each_seed(order, cell);
  const auto bins = recovered_.empty() ? std::vector<RankBin>{} : recall_bins(trial_.items);
  for (std::size_t k = 0; k < std::min(bins.size(), recovered_.size()); ++k)
    cell.recall.push_back(recovered_[k] / recalls_ / static_cast<double>(bins[k].high - bins[k].low + 1));
  const auto means = [](const SpectrumSums& s) {
    return MeanSpectrum{s[0].mean(), s[1].mean(), s[2].mean(), s[3].mean(), s[4].mean(), s[5].mean()};
  };
  cell.update = means(update_);
  cell.weights = means(weights_);
  return cell;
}

void CellBuilder::keep_first_of_each_seed(const std::vector<std::size_t>& order, Cell& cell) const {
  cell.fewest_steps = trial_.steps;
  const auto n = static_cast<double>(order.size());
  for (std::size_t i : order) {
    const Seed& seed = seeds_[i];
    cell.seeds.push_back(seed.seed);
    cell.capacities.push_back(seed.capacity);
    cell.losses.push_back(seed.loss);
    cell.mean_capacity += seed.capacity / n;
    cell.mean_accuracy += seed.accuracy / n;
    cell.mean_prefix += seed.prefix / n;
    cell.cut_short += seed.steps_done < trial_.steps;
    cell.fewest_steps = std::min(cell.fewest_steps, seed.steps_done);
  }
  double squares = 0;
  for (double c : cell.capacities) squares += (c - cell.mean_capacity) * (c - cell.mean_capacity);
  cell.standard_error = n > 1 ? std::sqrt(squares / (n - 1) / n) : unknown;
  if (trace_.steps.empty()) return;

  // Steps that no trial took say nothing; the first of them stands for the longest trial's end.
  cell.trace.steps = trace_.steps;
  const std::int64_t longest = std::max<std::int64_t>(longest_, 1);
  auto& steps = cell.trace.steps;
  const auto end = std::lower_bound(steps.begin(), steps.end(), longest);
  steps.erase(end + 1, steps.end());
  steps.back() = longest;
  cell.trace.capacities = rows_of(trace_.capacities, trace_.steps.size(), order, steps.size());
  cell.trace.losses = rows_of(trace_.losses, trace_.steps.size(), order, steps.size());
}

}  // namespace memscale
