#include "memscale/schedule/scheduler.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "catch.hpp"
#include "sample_trials.hpp"

using namespace memscale;

namespace {

SchedulerOptions one_by_one(int ranks) {
  return {.ranks = ranks, .ranks_per_trial = 1, .batch_seconds = 0};
}

/// What `rank`, idle alone, is given.
std::vector<Trial> next_for(Scheduler& scheduler, int rank, double time_left = INFINITY) {
  const std::vector<int> idle{rank};
  const auto assignment = scheduler.next(idle, {.time_left = time_left});
  return assignment ? assignment->trials : std::vector<Trial>();
}

/// What a lone rank is given, in order.
std::vector<Trial> drain(Scheduler& scheduler) {
  std::vector<Trial> order;
  for (auto some = next_for(scheduler, 0); !some.empty(); some = next_for(scheduler, 0))
    order.insert(order.end(), some.begin(), some.end());
  return order;
}

/// The values of key(trial) in order, each run of equal ones once.
template <class Key>
auto runs_of(const std::vector<Trial>& trials, Key key) {
  std::vector<decltype(key(trials.front()))> runs;
  for (const Trial& trial : trials)
    if (runs.empty() || runs.back() != key(trial)) runs.push_back(key(trial));
  return runs;
}

template <class Values>
bool all_different(const Values& values) {
  return std::set(values.begin(), values.end()).size() == values.size();
}

/// A record that took `slowness` times what the estimate's flops take at a gigaflop a second.
Record timed_record(const Trial& trial, double slowness) {
  const CostEstimate flops = estimate_cost(trial);
  const double rate = slowness * 1e-9;
  Record record = fake_record(trial);
  record.result.status = TrialStatus::ok;
  record.result.steps_done = trial.steps;
  record.cost.seconds_embeddings = rate * flops.embeddings;
  record.cost.seconds_gradient = rate * (flops.first_gradient + flops.gradients);
  record.cost.seconds_update = rate * flops.update;
  record.cost.seconds_capacity = rate * flops.capacity;
  record.cost.seconds_measures = rate * flops.measures;
  record.cost.seconds = rate * flops.total();
  return record;
}

/// Of a trial on a rank that has what its last one left, at a gigaflop a second.
double seconds_after(const std::optional<Trial>& last, const Trial& trial) {
  const Cost cost = timed_record(trial, 1).cost;
  if (!last || bundle_key(*last) != bundle_key(trial)) return cost.seconds;
  const bool share = last->alpha == trial.alpha && last->batch == trial.batch;
  const double first_gradient = share ? 1e-9 * estimate_cost(trial).first_gradient : 0;
  return cost.seconds - cost.seconds_embeddings - first_gradient;
}

}  // namespace

TEST_CASE("every trial is handed out once, to any ranks in any order") {
  for (unsigned seed = 0; seed < 100; ++seed) {
    const std::vector<Trial> trials = random_trials(seed);
    std::mt19937 random(seed);
    const int ranks = 1 + static_cast<int>(random() % 9);
    SchedulerOptions options{.ranks = ranks, .ranks_per_trial = 1, .batch_seconds = seed % 2 ? 0.25 : 0.0};
    Scheduler scheduler(trials, options);
    std::vector<Trial> given;
    while (scheduler.remaining() > 0) {
      // A rank may get nothing where embeddings would take it longer than the owner needs, who then gets something.
      const int first = static_cast<int>(random() % static_cast<unsigned>(ranks));
      std::vector<Trial> some;
      for (int i = 0; i < ranks && some.empty(); ++i) some = next_for(scheduler, (first + i) % ranks);
      REQUIRE_FALSE(some.empty());
      for (const Trial& trial : some) {
        if (random() % 10 == 0) {
          scheduler.put_back(trial);
        } else if (random() % 10 == 0) {
          scheduler.put_last(trial, false);
        } else {
          given.push_back(trial);
          scheduler.finished(timed_record(trial, 1 + static_cast<double>(random() % 100)));
        }
      }
      REQUIRE(given.size() + scheduler.remaining() == trials.size());
    }
    REQUIRE(sorted_ids(given) == sorted_ids(trials));
    CHECK(scheduler.remaining_seconds() == 0);
    for (int rank = 0; rank < ranks; ++rank) CHECK(next_for(scheduler, rank).empty());
  }
}

TEST_CASE("equal calls get equal answers") {
  const std::vector<Trial> trials = random_trials(5);
  Scheduler one(trials, one_by_one(3)), other(trials, one_by_one(3));
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const int rank = static_cast<int>(i * i % 3);
    REQUIRE(next_for(one, rank) == next_for(other, rank));
  }
}

TEST_CASE("a lone rank finishes bundle by bundle, and alpha by alpha within") {
  for (unsigned seed = 0; seed < 20; ++seed) {
    Scheduler scheduler(random_trials(seed), one_by_one(1));
    const std::vector<Trial> order = drain(scheduler);
    CHECK(all_different(runs_of(order, bundle_key)));
    CHECK(all_different(runs_of(order, [](const Trial& t) { return std::pair(bundle_key(t), t.alpha); })));
  }
}

TEST_CASE("trials of one batch size stand together, for they share their first step") {
  std::vector<Trial> trials;
  for (const Trial& trial : trial_grid({16}, {1.5, 2}, {1, 2}))
    for (double batch : {64.0, 1000.0, std::numeric_limits<double>::infinity()}) {
      trials.push_back(trial);
      trials.back().batch = batch;
    }
  Scheduler scheduler(trials, one_by_one(1));
  const auto first_step = [](const Trial& t) { return std::tuple(bundle_key(t), t.alpha, t.batch); };
  CHECK(all_different(runs_of(drain(scheduler), first_step)));
}

TEST_CASE("the bundle of the longest trial is opened first") {
  Scheduler scheduler(trial_grid({16, 128, 32, 64}, {1.5, 2}, {1, 2}), one_by_one(1));
  const auto ds = runs_of(drain(scheduler), [](const Trial& t) { return t.d; });
  CHECK(ds == std::vector<std::int64_t>{128, 64, 32, 16});
}

TEST_CASE("ranks open bundles of their own while there are any, and keep to them") {
  Scheduler scheduler(trial_grid({32}, {1.5, 2}, {1, 2, 3, 4}), one_by_one(4));
  std::map<int, std::int64_t> seed_of;
  for (int rank = 0; rank < 4; ++rank) seed_of[rank] = next_for(scheduler, rank).front().seed;
  std::set<std::int64_t> seeds;
  for (const auto& [rank, seed] : seed_of) seeds.insert(seed);
  CHECK(seeds.size() == 4);
  for (int rank = 0; rank < 4; ++rank) CHECK(next_for(scheduler, rank).front().seed == seed_of[rank]);
}

TEST_CASE("a rank without a bundle takes half of what is left of the largest") {
  Scheduler scheduler(trial_grid({64}, {1.25, 1.5, 2, 3}, {1}), one_by_one(2));  // 8 trials
  next_for(scheduler, 0);
  next_for(scheduler, 1);  // takes a half, and one of it
  std::map<int, int> taken{{0, 1}, {1, 1}};
  for (int turn = 0; scheduler.remaining() > 0; ++turn) {
    next_for(scheduler, turn % 2);
    ++taken[turn % 2];
  }
  CHECK(taken[0] == 4);
  CHECK(taken[1] == 4);
}

TEST_CASE("a long trial does not wait behind short ones of a bundle at hand") {
  std::vector<Trial> trials = trial_grid({32}, {1.5, 2, 3}, {1, 2});
  Trial longest = trials.front();
  longest.seed = 3;
  longest.steps = 400;
  Scheduler scheduler(trials, one_by_one(2));
  next_for(scheduler, 0);
  scheduler.put_back(canonical(longest));
  CHECK(next_for(scheduler, 0).front().steps == 400);
}

TEST_CASE("ranks end together, but for about one trial") {
  for (unsigned seed = 0; seed < 20; ++seed) {
    const std::vector<Trial> trials = random_trials(seed);
    double longest = 0;
    for (const Trial& trial : trials) longest = std::fmax(longest, timed_record(trial, 1).cost.seconds);
    CostModel model;
    for (const Trial& trial : trials) model.learn(timed_record(trial, 1));
    Scheduler scheduler(trials, one_by_one(3), model);
    std::vector<double> ends(3, 0.0);
    std::vector<std::optional<Trial>> last(3);
    std::set<std::pair<double, int>> at_work{{0.0, 0}, {0.0, 1}, {0.0, 2}};  // until when, rank
    std::vector<int> idle;
    while (!at_work.empty()) {
      const double now = at_work.begin()->first;
      idle.push_back(at_work.begin()->second);
      at_work.erase(at_work.begin());
      while (const auto assignment = scheduler.next(idle, {.now = now})) {
        const int rank = assignment->ranks.front();
        const auto place = static_cast<std::size_t>(rank);
        ends[place] = now + seconds_after(last[place], assignment->trials.front());
        last[place] = assignment->trials.front();
        at_work.emplace(ends[place], rank);
        std::erase(idle, rank);
      }
    }
    CHECK(scheduler.remaining() == 0);
    const auto [first_end, last_end] = std::minmax_element(ends.begin(), ends.end());
    // What is left of a bundle is not worth its embeddings to others.
    CHECK(*last_end - *first_end <= 1.25 * longest);
  }
}

TEST_CASE("short trials travel in batches, which shrink towards the end") {
  const std::vector<Trial> trials = trial_grid({8}, {1.25, 1.5, 2, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  Scheduler scheduler(trials, {.ranks = 2, .ranks_per_trial = 1, .batch_seconds = 1e9});
  const std::size_t first = next_for(scheduler, 0).size();
  CHECK(first > 1);
  CHECK(first <= trials.size() / 2);  // the other rank must have as much to do
  std::size_t last = first;
  for (int turn = 1; scheduler.remaining() > 0; ++turn) last = next_for(scheduler, turn % 2).size();
  CHECK(last == 1);
}

TEST_CASE("nothing starts that cannot end in time, but what can be continued") {
  const std::vector<Trial> trials = trial_grid({32, 256}, {1.5}, {1});
  Scheduler scheduler(trials, one_by_one(1));
  const std::vector<Trial> taught = trial_grid({32, 256}, {2}, {9});
  for (int repeat = 0; repeat < 10; ++repeat)
    for (const Trial& trial : taught) scheduler.finished(timed_record(trial, 1000));
  const double large = scheduler.model().seconds(trials.back()), small = scheduler.model().seconds(trials.front());
  REQUIRE(large > 10 * small);
  REQUIRE(scheduler.model().spread() < 1.2);

  CHECK(next_for(scheduler, 0, small / 2).empty());
  const auto fits = next_for(scheduler, 0, 2 * small);
  REQUIRE(fits.size() == 1);
  CHECK(fits.front().d == 32);
  CHECK(next_for(scheduler, 0, 2 * small).size() == 1);
  CHECK(next_for(scheduler, 0, 2 * small).empty());  // the large ones are left
  CHECK(scheduler.remaining() == 2);

  Trial steps = taught.front();
  steps.steps = 1000;
  steps.gradient = GradientKind::thresholded;
  steps.threshold = ThresholdRule::argmax;
  scheduler.put_back(canonical(steps));
  CHECK(next_for(scheduler, 0, 2 * small).front().steps == 1000);  // its next step comes soon
  CHECK(next_for(scheduler, 0, 1e9).front().d == 256);
}

TEST_CASE("suspects come last, and those that must be alone while nobody else works") {
  const std::vector<Trial> trials = trial_grid({16}, {1.5, 2, 3}, {1});
  Scheduler scheduler({trials[0]}, one_by_one(3));
  scheduler.put_last(trials[2], true);
  scheduler.put_last(trials[3], true);
  scheduler.put_last(trials[4], false);
  CHECK(scheduler.remaining() == 4);
  const std::vector<int> all{0, 1, 2}, some{0, 1};
  CHECK(scheduler.next(all)->trials.front() == trials[0]);
  CHECK(scheduler.next(some)->trials.front() == trials[4]);
  CHECK_FALSE(scheduler.next(some));
  CHECK(scheduler.next(all)->trials.front() == trials[2]);
  CHECK_FALSE(scheduler.next(some));
  scheduler.put_last(trials[5], false);
  CHECK_FALSE(scheduler.next(some));
  SECTION("until it has ended") {
    scheduler.finished(timed_record(trials[2], 1));
    CHECK(scheduler.next(all)->trials.front() == trials[5]);
    CHECK_FALSE(scheduler.next(some));
    CHECK(scheduler.next(all)->trials.front() == trials[3]);
  }
  SECTION("also if it comes back") {
    scheduler.put_back(trials[2]);
    CHECK(scheduler.next(all)->trials.front() == trials[5]);
    CHECK(scheduler.next(all)->trials.front() == trials[3]);
    scheduler.finished(timed_record(trials[3], 1));
    CHECK(scheduler.next(all)->trials.front() == trials[2]);
  }
}

TEST_CASE("no trials, no work") {
  Scheduler scheduler({}, one_by_one(1));
  CHECK(scheduler.remaining() == 0);
  CHECK(next_for(scheduler, 0).empty());
  CHECK_FALSE(scheduler.next({}));
}
