#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

#include "cases.hpp"
#include "memscale/experiment/run_trial.hpp"
#include "memscale/experiment/simulation.hpp"
#include "memscale/model/softmax_gradient.hpp"

namespace memscale::bench {

using nlohmann::json;

namespace {

/// One population step of Muon by the exact factor, and its capacity; nothing else is measured.
Trial muon_step(std::int64_t d, std::int64_t items) {
  Trial trial;
  trial.d = d;
  trial.items = items;
  trial.alpha = alpha;
  trial.optimizer = OptimizerKind::muon;
  trial.orthogonalizer = Orthogonalizer::svd;
  trial.eta_scale = EtaScale::sqrt_d;
  trial.loss_measure = LossMeasure::none;
  trial.spectra_measure = SpectraMeasure::none;
  return canonical(trial);
}

Cost cost_of(const Trial& trial, int threads) {
  Workspace fresh(threads);
  const Record record = run_trial(trial, fresh);
  if (!record.message.empty()) throw std::runtime_error("the trial failed: " + record.message);
  return record.cost;
}

}  // namespace

json measure_trial(Bench& bench, std::int64_t d, std::int64_t items) {
  const Trial trial = muon_step(d, items);
  json row{{"d", d}, {"items", items}};
  const auto keep_best = [&](const std::string& key, const json& phases) {
    double total = 0;
    for (const auto& seconds : phases) total += seconds.get<double>();
    if (row.contains(key) && row.at(key).get<double>() <= total) return;
    row[key] = total;
    row[key + "_phases"] = phases;
  };
  const auto phases_of = [](const Cost& cost) {
    return json{{"embeddings", cost.seconds_embeddings},
                {"gradient", cost.seconds_gradient},
                {"update", cost.seconds_update},
                {"capacity", cost.seconds_capacity}};
  };
  const int rounds = std::min(bench.options.rounds, d <= 256 ? 2 : 1);  // seconds each
  for (int round = 0; round < rounds; ++round) {
    keep_best("seconds", phases_of(cost_of(trial, 1)));
    if (bench.compares_threads()) keep_best("seconds_all", phases_of(cost_of(trial, bench.all.size())));
    bench.rivals.each([&](Rival& rival) {
      const json request{{"do", "trial"}, {"d", d}, {"items", items}, {"alpha", alpha}};
      keep_best(rival.key, rival.process.ask(request).at("phases"));
    });
  }
  for (const char* rival : {"numpy", "pytorch"})
    if (row.contains(rival))
      row[std::string(rival) + "_times"] = row.at(rival).get<double>() / row.at("seconds").get<double>();
  if (row.contains("seconds_all"))
    row["speedup_all"] = row.at("seconds").get<double>() / row.at("seconds_all").get<double>();
  return row;
}

void take_measured_step(std::int64_t d, std::int64_t items, int threads) {
  const auto reply = [](const json& line) {
    std::printf("%s\n", line.dump().c_str());
    std::fflush(stdout);
  };
  Workspace workspace(threads);
  Cost cost;
  const Simulation run = simulate(muon_step(d, items), workspace, cost);
  reply({{"capacity", run.result.capacity}});
  SoftmaxGradient second;
  const double seconds = seconds_of(
      [&] { second = softmax_gradient(*run.memory, run.weights, population_batch(run.p), workspace.team()); });
  reply({{"seconds", seconds}, {"loss", second.loss}});
  while (std::getchar() != EOF) continue;  // measure_memory reads this process while it lives
}

json measure_memory(Bench& bench, const std::string& program) {
  const Options& options = bench.options;
  const auto number = [](std::int64_t value) { return std::to_string(value); };
  Companion step(
      {program, "--measured-step", number(options.memory_d), number(options.memory_items), number(options.threads)});
  json row{{"d", options.memory_d}, {"items", options.memory_items}, {"threads", options.threads}};
  row["capacity"] = step.next(HUGE_VAL)->at("capacity");
  row["first_step_peak"] = step.peak_memory();
  const auto end = step.next(options.memory_seconds);
  row["peak"] = step.peak_memory();
  if (end)
    row["softmax_seconds"] = end->at("seconds");
  else
    row["stopped_after"] = options.memory_seconds;
  row["embeddings"] = 2.0 * sizeof(float) * static_cast<double>(options.memory_d * options.memory_items);
  return row;
}

}  // namespace memscale::bench
