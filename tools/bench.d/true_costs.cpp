#include "true_costs.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "machine.hpp"
#include "memscale/experiment/run_trial.hpp"

namespace memscale::bench {

namespace {

/// From 0 to 1, exclusive: SplitMix64 of the id.
double uniform(std::uint64_t id, std::uint64_t draw) {
  std::uint64_t z = id + (draw + 1) * 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return (static_cast<double>((z ^ (z >> 31)) >> 11) + 0.5) * 0x1p-53;
}

/// Wall time as CPU time: what other programs took of it is not the trial's.
Cost run(const Trial& trial, Workspace& workspace) {
  const double start = cpu_seconds_of_thread();
  Record record = run_trial(trial, workspace);
  if (record.result.status == TrialStatus::failed) throw std::runtime_error("a trial failed: " + record.message);
  const double share = (cpu_seconds_of_thread() - start) / record.cost.seconds;
  Cost& cost = record.cost;
  for (double* seconds :
       {&cost.seconds, &cost.seconds_embeddings, &cost.seconds_gradient, &cost.seconds_update, &cost.seconds_capacity})
    *seconds *= share;
  return cost;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Of those that are no look-ups of what an earlier trial has left; the median, for memory that a process touches first
/// may cost it much more than the same memory again.
double median_of_made(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const double most = values[values.size() - 1 - values.size() / 6];
  std::erase_if(values, [&](double value) { return value < most / 10; });
  return values[(values.size() - 1) / 2];
}

}  // namespace

MeasuredCosts::MeasuredCosts(const std::vector<Trial>& trials) {
  std::map<std::int64_t, std::vector<double>> embeddings, gradients;
  std::map<Key, std::vector<double>> rests, updates, capacities;
  Workspace workspace;
  for (const Trial& trial : trials) {
    const Cost cost = run(trial, workspace);
    embeddings[trial.d].push_back(cost.seconds_embeddings);
    gradients[trial.d].push_back(cost.seconds_gradient);
    const Key key{method_name(trial), trial.d};
    rests[key].push_back(cost.seconds - cost.seconds_embeddings - cost.seconds_gradient);
    updates[key].push_back(cost.seconds_update);
    capacities[key].push_back(cost.seconds_capacity);
  }
  double squares = 0, freedom = 0;
  for (auto& [key, some] : rests) {
    const double update = mean(updates[key]), capacity = mean(capacities[key]);
    seconds_[key] = {median_of_made(embeddings[key.second]), median_of_made(gradients[key.second]), update, capacity,
                     mean(some) - update - capacity};
    for (double& seconds : some) seconds = std::log(seconds);
    for (const double log : some) squares += std::pow(log - mean(some), 2);
    freedom += static_cast<double>(some.size()) - 1;
  }
  deviation_ = std::sqrt(squares / std::max(freedom, 1.0));
}

MeasuredCosts::MeasuredCosts(const nlohmann::json& written) : deviation_(written.at("deviation").get<double>()) {
  for (const auto& row : written.at("rows"))
    for (const auto& [method, seconds] : row.at("methods").items())
      seconds_[{method, row.at("d").get<std::int64_t>()}] = {row.at("embeddings"), row.at("first_gradient"),
                                                             seconds.at("update"), seconds.at("capacity"),
                                                             seconds.at("measures")};
}

nlohmann::json MeasuredCosts::to_json() const {
  std::map<std::int64_t, nlohmann::json> rows;
  for (const auto& [key, seconds] : seconds_) {
    nlohmann::json& row = rows[key.second];
    row["d"] = key.second;
    row["embeddings"] = seconds.embeddings;
    row["first_gradient"] = seconds.first_gradient;
    row["methods"][key.first] = {
        {"update", seconds.update}, {"capacity", seconds.capacity}, {"measures", seconds.measures}};
  }
  nlohmann::json list = nlohmann::json::array();
  for (const auto& [d, row] : rows) list.push_back(row);
  return {{"deviation", deviation_}, {"rows", list}};
}

double TrueCosts::factor(std::uint64_t id) const {
  if (spread_ == Spread::pareto)  // (1 - 1/a) u^(-1/a)
    return (1 - 1 / pareto_exponent) * std::pow(uniform(id, 0), -1 / pareto_exponent);
  const double normal = std::sqrt(-2 * std::log(uniform(id, 0))) * std::cos(2 * std::numbers::pi * uniform(id, 1));
  return std::exp(deviation_ * normal - deviation_ * deviation_ / 2);
}

TrialSeconds TrueCosts::of(const Trial& trial) const {
  TrialSeconds seconds = measured_.of(trial);
  const double times = factor(trial_id(trial));
  for (double* some : {&seconds.update, &seconds.capacity, &seconds.measures}) *some *= times;
  return seconds;
}

TrueCosts::Bound TrueCosts::bound(const std::vector<Trial>& trials) const {
  Bound bound;
  std::unordered_set<std::uint64_t> bundles;
  std::map<std::tuple<std::uint64_t, double, double>, bool> first_steps;
  for (const Trial& trial : trials) {
    const TrialSeconds seconds = of(trial);
    const std::uint64_t bundle = bundle_key(trial);
    bound.total += seconds.rest();
    if (bundles.insert(bundle).second) bound.total += seconds.embeddings;
    if (first_steps.try_emplace({bundle, trial.alpha, trial.batch}, true).second) bound.total += seconds.first_gradient;
    bound.longest = std::max(bound.longest, seconds.total());
  }
  return bound;
}

}  // namespace memscale::bench
