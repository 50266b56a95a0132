#include "memscale/analysis/run_group.hpp"

#include <set>

#include "analysis/planted_orthogonal.hpp"
#include "catch.hpp"

using namespace memscale;

namespace {

OrthogonalRun run(Trial trial) {
  return {canonical(trial), {}, {}};
}

std::vector<RunGroup> groups_of_runs(const std::vector<OrthogonalRun>& runs,
                                     const std::vector<std::string_view>& free) {
  std::vector<const OrthogonalRun*> all;
  for (const OrthogonalRun& one : runs) all.push_back(&one);
  return group_runs(all, free);
}

std::vector<std::string> labels_of(const std::vector<RunGroup>& groups) {
  std::vector<std::string> labels;
  for (const RunGroup& group : groups) labels.push_back(group.label);
  return labels;
}

}  // namespace

TEST_CASE("runs that differ in free parameters alone are of one group, in their order, eta by its value") {
  Trial scaled = orthogonal_trial(OptimizerKind::gd, 10, 1);
  scaled.eta_scale = EtaScale::log_d_over_steps;  // 0.69
  const std::vector<OrthogonalRun> runs{run(orthogonal_trial(OptimizerKind::gd, 10, 2)), run(scaled),
                                        run(orthogonal_trial(OptimizerKind::gd, 10, 0.5)),
                                        run(orthogonal_trial(OptimizerKind::muon, 10, 1))};
  const std::vector<RunGroup> groups = groups_of_runs(runs, {"eta"});
  CHECK(labels_of(groups) == std::vector<std::string>{"gd", "muon"});
  REQUIRE(groups[0].runs.size() == 3);
  CHECK(groups[0].runs[0] == &runs[2]);
  CHECK(groups[0].runs[1] == &runs[1]);
  CHECK(groups[0].runs[2] == &runs[0]);
  CHECK(labels_of(groups_of_runs(runs, {})) ==
        std::vector<std::string>{"gd eta=0.5", "gd eta=log(d)/steps", "gd eta=2", "muon"});
}

TEST_CASE("labels tell a basis where it matters, a representation where one method has two, and no d, steps or alpha") {
  std::vector<OrthogonalRun> runs;
  for (OptimizerKind optimizer : {OptimizerKind::muon, OptimizerKind::signgd})
    for (TaskBasisKind basis : {TaskBasisKind::identity, TaskBasisKind::coupled}) {
      Trial trial = two_group_trial(optimizer, 99, 1);
      trial.task_basis = basis;
      runs.push_back(run(trial));
    }
  const auto labels = labels_of(groups_of_runs(runs, {"eta"}));
  CHECK(labels == std::vector<std::string>{"muon", "signgd task_basis=identity", "signgd task_basis=coupled"});
  Trial dense = two_group_trial(OptimizerKind::muon, 99, 1);
  dense.representation = Representation::dense;
  runs = {run(two_group_trial(OptimizerKind::muon, 99, 1)), run(dense)};
  CHECK(labels_of(groups_of_runs(runs, {})) ==
        std::vector<std::string>{"muon representation=dense", "muon representation=reduced"});
  Trial other = orthogonal_trial(OptimizerKind::muon, 10, 1), larger = other;
  larger.d = 2000;
  larger.alpha = 3;
  larger.steps = 20;
  runs = {run(other), run(larger)};
  CHECK(labels_of(groups_of_runs(runs, {})) == std::vector<std::string>{"muon", "muon"});
  CHECK(groups_of_runs(runs, {"d", "alpha", "steps"}).size() == 1);
}

TEST_CASE("what has no meaning to two groups is not told of them") {
  CHECK(std::isnan(zipf_exponent(run(two_group_trial(OptimizerKind::gd, 99, 1)).trial)));
  CHECK(run_name("gd", run(two_group_trial(OptimizerKind::gd, 99, 1)).trial) == "gd d=99 steps=1");
  CHECK(run_name("gd", run(orthogonal_trial(OptimizerKind::gd, 7, 1)).trial) == "gd alpha=1.5 d=1000 steps=7");
  const std::vector<OrthogonalRun> runs{run(two_group_trial(OptimizerKind::gd, 1000, 1)),
                                        run(orthogonal_trial(OptimizerKind::gd, 1, 1))};
  const std::vector<std::string> labels = labels_of(groups_of_runs(runs, {}));
  CHECK(std::set<std::string>(labels.begin(), labels.end()) ==
        std::set<std::string>{"gd frequencies=two-groups", "gd frequencies=zipf"});
}
