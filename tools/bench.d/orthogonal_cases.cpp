#include "orthogonal_cases.hpp"

#include <chrono>
#include <cmath>
#include <stdexcept>

#include "memscale/experiment/trial_groups.hpp"

namespace memscale::bench {

namespace {

using nlohmann::json;

struct Frequencies {
  std::string name;
  std::int64_t items;
  std::int64_t groups;  ///< of Zipf; 0: two groups
};

/// Learning rates that raise correct scores by some units a step: no softmax saturates within three.
OrthogonalCase make_case(const Frequencies& frequencies, OptimizerKind optimizer, TaskBasisKind basis,
                         Representation representation, int steps) {
  Trial trial;
  trial.model = ModelKind::orthogonal;
  trial.d = trial.items = frequencies.items;
  trial.frequencies = frequencies.groups > 0 ? FrequencyKind::zipf : FrequencyKind::two_groups;
  trial.groups = frequencies.groups;
  trial.head_mass = 0.8;
  trial.head_share = 0.2;
  trial.task_basis = basis;
  trial.representation = representation;
  trial.optimizer = optimizer;
  trial.steps = steps;
  trial.eta = optimizer == OptimizerKind::gd ? static_cast<double>(frequencies.items) : 1;
  trial.spectra_measure = SpectraMeasure::none;
  return {frequencies.name + ", " + std::string(name_of(optimizer)), canonical(trial), std::string(name_of(basis))};
}

Frequencies two_groups(const OrthogonalOptions& options) {
  return {"two groups", options.quick ? 300 : 999, 0};
}

}  // namespace

std::vector<OrthogonalCase> reducible_cases(const OrthogonalOptions& options) {
  const std::int64_t items = options.quick ? 300 : 1000;
  std::vector<OrthogonalCase> cases;
  for (const Frequencies& frequencies :
       {two_groups(options), Frequencies{"zipf", items, 10}, Frequencies{"zipf", items, items / 10}})
    for (const OptimizerKind optimizer : {OptimizerKind::gd, OptimizerKind::muon})
      cases.push_back(
          make_case(frequencies, optimizer, TaskBasisKind::identity, Representation::reduced, options.steps));
  return cases;
}

OrthogonalCase largest_case(const OrthogonalOptions& options) {
  const Frequencies frequencies{"zipf", options.quick ? 100000 : 1000000, options.quick ? 200 : 1000};
  return make_case(frequencies, OptimizerKind::muon, TaskBasisKind::identity, Representation::reduced, options.steps);
}

std::vector<OrthogonalCase> dense_cases(const OrthogonalOptions& options) {
  const auto dense = [&](OptimizerKind optimizer, TaskBasisKind basis) {
    return make_case(two_groups(options), optimizer, basis, Representation::dense, options.steps);
  };
  std::vector<OrthogonalCase> cases{
      dense(OptimizerKind::gd, TaskBasisKind::identity), dense(OptimizerKind::signgd, TaskBasisKind::coupled),
      dense(OptimizerKind::signgd, TaskBasisKind::coupled), dense(OptimizerKind::muon, TaskBasisKind::identity)};
  // The bases are block diagonal, which memscale makes use of: once against whole matrices, once against as much.
  cases[1].name += ", coupled";
  cases[2].name += ", 3 x 3";
  cases[2].turn = "coupled-by-threes";
  return cases;
}

Trial as_dense(Trial trial) {
  trial.representation = Representation::dense;
  return canonical(trial);
}

void train(const Trial& trial, Workspace& workspace, double budget, Training& training) {
  using Clock = std::chrono::steady_clock;
  for (double spent = 0; spent == 0 || spent < budget;) {
    std::vector<Clock::time_point> marks;  // before each step, and after the last
    TrialControl control;
    control.interrupted = [&] {
      marks.push_back(Clock::now());
      return false;
    };
    const std::optional<Record> record = run_trial(trial, workspace, control);
    if (!record->message.empty()) throw std::runtime_error("the trial failed: " + record->message);
    if (record->result.status != TrialStatus::ok) throw std::runtime_error("the trial did not end well");
    const std::chrono::duration<double> seconds = marks.back() - marks.front();
    training.seconds.add(seconds.count() / static_cast<double>(marks.size() - 1));
    training.loss = record->result.loss;
    spent += seconds.count();
  }
}

void train(const OrthogonalCase& one, Rival& rival, int threads, double budget, Training& training) {
  const Trial& trial = one.trial;
  const ItemGroups groups = groups_of(trial);
  const json reply = measure(rival,
                             {{"do", "train"},
                              {"threads", threads},
                              {"budget", budget},
                              {"sizes", groups.sizes},
                              {"p", std::vector<double>(groups.p.begin(), groups.p.end())},
                              {"basis", one.turn},
                              {"optimizer", name_of(trial.optimizer)},
                              {"eta", trial.eta},
                              {"steps", trial.steps}},
                             training.seconds);
  training.loss = reply.at("loss");
}

bool same_loss(double a, double b) {
  constexpr double rounding = 1e-9;
  return std::abs(a - b) <= rounding * std::abs(a);
}

}  // namespace memscale::bench
