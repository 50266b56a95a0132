#include "memscale/schedule/trial_queue.hpp"

#include <cmath>
#include <limits>
#include <map>
#include <queue>
#include <set>
#include <tuple>

#include "catch.hpp"
#include "memscale/schedule/cost_model.hpp"
#include "sample_trials.hpp"

using namespace memscale;

namespace {

/// What a lone worker is given, in order.
std::vector<Trial> drain(TrialQueue& queue) {
  std::vector<Trial> order;
  while (const auto trial = queue.next(0)) order.push_back(*trial);
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

}  // namespace

TEST_CASE("every trial is handed out once, to any workers in any order") {
  for (unsigned seed = 0; seed < 60; ++seed) {
    const std::vector<Trial> trials = random_trials(seed);
    TrialQueue queue(trials);
    std::mt19937 random(seed);
    const unsigned workers = 1 + random() % 9;
    std::vector<Trial> given;
    while (queue.remaining() > 0) {
      const auto trial = queue.next(static_cast<int>(random() % workers));
      REQUIRE(trial);  // no worker idles while trials remain
      given.push_back(*trial);
      REQUIRE(given.size() + queue.remaining() == trials.size());
    }
    REQUIRE(sorted_ids(given) == sorted_ids(trials));
    for (unsigned worker = 0; worker < workers; ++worker) CHECK_FALSE(queue.next(static_cast<int>(worker)));
  }
}

TEST_CASE("equal calls get equal answers") {
  const std::vector<Trial> trials = random_trials(5);
  TrialQueue one(trials), other(trials);
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const int worker = static_cast<int>(i * i % 3);
    REQUIRE(one.next(worker) == other.next(worker));
  }
}

TEST_CASE("a lone worker finishes bundle by bundle, and alpha by alpha within") {
  for (unsigned seed = 0; seed < 20; ++seed) {
    TrialQueue queue(random_trials(seed));
    const std::vector<Trial> order = drain(queue);
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
  TrialQueue queue(trials);
  const auto first_step = [](const Trial& t) { return std::tuple(bundle_key(t), t.alpha, t.batch); };
  CHECK(all_different(runs_of(drain(queue), first_step)));
}

TEST_CASE("the longest bundle is opened first") {
  TrialQueue queue(trial_grid({16, 128, 32, 64}, {1.5, 2}, {1, 2}));
  const auto ds = runs_of(drain(queue), [](const Trial& t) { return t.d; });
  CHECK(ds == std::vector<std::int64_t>{128, 64, 32, 16});
}

TEST_CASE("workers open bundles of their own while there are any") {
  TrialQueue queue(trial_grid({32}, {1.5, 2}, {1, 2, 3, 4}));
  std::set<std::int64_t> seeds;
  for (int worker = 0; worker < 4; ++worker) seeds.insert(queue.next(worker)->seed);
  CHECK(seeds.size() == 4);
  SECTION("and keep to them") {
    for (int worker = 0; worker < 4; ++worker) {
      const auto trial = queue.next(worker);
      REQUIRE(trial);
      CHECK(trial->seed == worker + 1);  // equal costs: opened in grid order
    }
  }
}

TEST_CASE("a worker without a bundle helps with the one of largest remaining cost") {
  TrialQueue queue(trial_grid({32, 64}, {1.5, 2, 3}, {1}));
  const auto opened_first = queue.next(0);
  const auto opened_second = queue.next(1);
  CHECK(opened_first->d == 64);
  CHECK(opened_second->d == 32);
  CHECK(opened_first->alpha == 1.5);
  for (int helper = 2; helper < 5; ++helper) {
    const auto trial = queue.next(helper);
    CHECK(trial->d == 64);
    CHECK(trial->alpha >= 2);  // from the other end than the worker that opened it
  }
}

TEST_CASE("workers end together, but for one trial") {
  for (unsigned seed = 0; seed < 20; ++seed) {
    const std::vector<Trial> trials = random_trials(seed);
    double longest = 0;
    for (const Trial& trial : trials) longest = std::fmax(longest, estimate_cost(trial).total());

    TrialQueue queue(trials);
    using FreeAt = std::pair<double, int>;  // time, worker
    std::priority_queue<FreeAt, std::vector<FreeAt>, std::greater<>> workers;
    for (int worker = 0; worker < 3; ++worker) workers.emplace(0.0, worker);
    double first_idle = INFINITY, end = 0;
    while (!workers.empty()) {
      const auto [now, worker] = workers.top();
      workers.pop();
      if (const auto trial = queue.next(worker)) {
        workers.emplace(now + estimate_cost(*trial).total(), worker);
      } else {
        first_idle = std::fmin(first_idle, now);
        end = now;
      }
    }
    CHECK(end - first_idle <= longest * 1.000001);  // rounding of sums
  }
}

TEST_CASE("no trials, no work") {
  TrialQueue queue({});
  CHECK(queue.remaining() == 0);
  CHECK_FALSE(queue.next(0));
}
