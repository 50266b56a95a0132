#include "memscale/schedule/trial_costs.hpp"

#include <random>
#include <utility>

#include "catch.hpp"
#include "sample_trials.hpp"

using namespace memscale;

namespace {

void check_costs(const TrialCosts& costs, const std::vector<Trial>& trials, const CostModel& model) {
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const CostModel::Seconds expected = model.phases(trials[i]);
    CHECK(costs[i].embeddings == expected.embeddings);
    CHECK(costs[i].first_gradient == expected.first_gradient);
    CHECK(costs[i].rest == expected.rest);
  }
}

}  // namespace

TEST_CASE("costs of many trials are those of each") {
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::vector<Trial> trials = random_trials(seed);
    CostModel model;
    TrialCosts costs(trials, model);
    check_costs(costs, trials, model);
    std::mt19937 random(seed);
    for (int turn = 0; turn < 20; ++turn) {
      const auto any = [&] { return static_cast<std::size_t>(random() % trials.size()); };
      Record record = fake_record(trials[any()]);
      record.result.status = TrialStatus::ok;
      record.result.steps_done = 1;
      record.cost.seconds = record.cost.seconds_capacity = 1 + static_cast<double>(random() % 100);
      model.learn(record);
      costs.update(trials, model);
      Trial other = trials[any()];
      other.seed = 1000 + turn;
      if (turn % 2) other.eta = 17 + turn;
      trials.push_back(other);
      costs.add(trials, model);
      const std::size_t a = any(), b = any();
      std::swap(trials[a], trials[b]);
      costs.swap(a, b);
    }
    costs.update(trials, model);
    check_costs(costs, trials, model);
  }
}

TEST_CASE("trials that differ in their seed alone are of one kind, in any order") {
  std::vector<Trial> trials = trial_grid({16, 32}, {1.5, 2, 3}, {1, 2, 3, 4, 5});
  const std::size_t kinds = trials.size() / 5;
  CHECK(TrialCosts(trials, {}).kinds() == kinds);
  std::shuffle(trials.begin(), trials.end(), std::mt19937(1));
  CHECK(TrialCosts(trials, {}).kinds() == kinds);
  CHECK(TrialCosts({}, {}).kinds() == 0);
}
