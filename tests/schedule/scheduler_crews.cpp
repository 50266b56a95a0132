#include <algorithm>
#include <numeric>
#include <queue>
#include <random>
#include <set>

#include "catch.hpp"
#include "memscale/schedule/scheduler.hpp"
#include "sample_trials.hpp"

using namespace memscale;

namespace {

/// Trials that are never handed out where each takes its expected time times a lognormal factor.
std::size_t left_out(const std::vector<Trial>& trials, int ranks, int ranks_per_trial, double deviation,
                     unsigned seed) {
  Scheduler scheduler(trials, {.ranks = ranks, .ranks_per_trial = ranks_per_trial});
  std::mt19937 random(seed);
  std::lognormal_distribution<> factor(0, deviation);
  using Return = std::pair<double, std::vector<int>>;  // when, who
  std::priority_queue<Return, std::vector<Return>, std::greater<>> at_work;
  std::vector<int> idle(static_cast<std::size_t>(ranks));
  std::iota(idle.begin(), idle.end(), 0);
  for (double now = 0;;) {
    while (const auto assignment = scheduler.next(idle, {.now = now})) {
      at_work.emplace(now + shared_seconds(*assignment) * factor(random), assignment->ranks);
      std::erase_if(idle, [&](int rank) { return std::ranges::count(assignment->ranks, rank) > 0; });
    }
    if (at_work.empty()) return scheduler.remaining();
    now = at_work.top().first;
    idle.insert(idle.end(), at_work.top().second.begin(), at_work.top().second.end());
    at_work.pop();
  }
}

}  // namespace

TEST_CASE("no trial is left when all ranks are idle, however long trials take") {
  for (const std::vector<std::int64_t>& seeds : {std::vector<std::int64_t>{1}, {1, 2, 3}, {1, 2, 3, 4, 5, 6}}) {
    const std::vector<Trial> trials = trial_grid({64, 256}, {1.5, 2, 3}, seeds);
    for (int ranks_per_trial : {0, 1, 2, 3})
      for (int ranks = 1; ranks <= 7; ++ranks)
        for (double deviation : {0.0, 0.3, 0.7})
          for (unsigned seed = 0; seed < 4; ++seed)
            REQUIRE(left_out(trials, ranks, ranks_per_trial, deviation, seed) == 0);
  }
}

TEST_CASE("ranks share a trial in crews, and those that are over work together") {
  const std::vector<Trial> trials = trial_grid({16}, {1.5, 2, 3}, {1, 2});
  Scheduler scheduler(trials, {.ranks = 5, .ranks_per_trial = 2, .batch_seconds = 0});
  const auto first = scheduler.next(std::vector<int>{0, 1, 2, 3, 4});
  REQUIRE(first);
  CHECK(first->ranks.size() == 2);
  const auto second = scheduler.next(std::vector<int>{0, 1, 2});
  REQUIRE(second);
  CHECK(second->ranks.size() == 2);
  std::set<int> over{0, 1, 2, 3, 4};
  for (const auto& assignment : {first, second})
    for (int rank : assignment->ranks) over.erase(rank);
  REQUIRE(over.size() == 1);
  const auto third = scheduler.next(std::vector<int>{*over.begin()});
  REQUIRE(third);
  CHECK(third->ranks == std::vector<int>{*over.begin()});
  // a crew that comes back stays together
  std::vector<int> idle = first->ranks;
  std::sort(idle.begin(), idle.end());
  auto again = scheduler.next(idle);
  REQUIRE(again);
  std::sort(again->ranks.begin(), again->ranks.end());
  CHECK(again->ranks == idle);
}

TEST_CASE("where trials may choose, long ones take several ranks beside short ones on one") {
  std::vector<Trial> trials = trial_grid({16}, {1.5, 2, 3}, {1, 2, 3, 4, 5, 6});
  Trial longest = trials.front();
  longest.steps = 3000;
  longest.seed = 77;
  trials.push_back(canonical(longest));
  Scheduler scheduler(trials, {.ranks = 8, .ranks_per_trial = 0, .batch_seconds = 0});
  const int width = scheduler.width_of(trials.back());
  CHECK(width > 1);
  CHECK(width <= 8);
  CHECK(scheduler.width_of(trials.front()) == 1);

  std::set<int> idle{0, 1, 2, 3, 4, 5, 6, 7};
  std::vector<Trial> given;
  bool wide_and_narrow = false;
  std::vector<std::vector<int>> at_work;
  while (scheduler.remaining() > 0) {
    const auto assignment = scheduler.next(std::vector<int>(idle.begin(), idle.end()));
    if (assignment) {
      given.insert(given.end(), assignment->trials.begin(), assignment->trials.end());
      for (int rank : assignment->ranks) REQUIRE(idle.erase(rank) == 1);
      at_work.push_back(assignment->ranks);
      CHECK((assignment->trials.front().steps > 1) == (assignment->ranks.size() > 1));
      wide_and_narrow |= at_work.front().size() > 1 && assignment->ranks.size() == 1;
    } else {
      REQUIRE_FALSE(at_work.empty());
      idle.insert(at_work.back().begin(), at_work.back().end());
      at_work.pop_back();
    }
  }
  CHECK(sorted_ids(given) == sorted_ids(trials));
  CHECK((wide_and_narrow || width == 8));
}
