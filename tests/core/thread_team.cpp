#include "memscale/core/thread_team.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>

#include "catch.hpp"
#include "memscale/core/rank_group.hpp"

namespace memscale {

namespace {

/// A sum of very different magnitudes: another order of additions gives other bits.
double ordered_sum(ThreadTeam& team, std::size_t count) {
  std::vector<double> partial(static_cast<std::size_t>(team.size()));
  double sum = 0;
  team.run(
      count,
      [&](std::size_t task, int thread) {
        double value = 1;
        for (std::size_t k = 0; k <= task % 37; ++k) value *= task % 2 ? -3.7 : 0.31;
        partial[static_cast<std::size_t>(thread)] = value;
      },
      [&](std::size_t, int thread) { sum += partial[static_cast<std::size_t>(thread)]; });
  return sum;
}

/// Runs a loop that throws `what` and returns the message that arrives.
std::string message_of(ThreadTeam& team, std::size_t count, const ThreadTeam::Task& compute,
                       const ThreadTeam::Task& commit) {
  try {
    team.run(count, compute, commit);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "nothing thrown";
}

}  // namespace

TEST_CASE("a team runs every task once, on its own threads", "[core]") {
  for (int size : {1, 2, 5}) {
    ThreadTeam team(size);
    REQUIRE(team.size() == size);
    for (std::size_t count : {0, 1, 2, 1000}) {
      std::vector<std::atomic<int>> runs(count);
      std::atomic<bool> known_thread = true;
      team.run(count, [&](std::size_t task, int thread) {
        ++runs[task];
        if (thread < 0 || thread >= size) known_thread = false;
      });
      CHECK(std::all_of(runs.begin(), runs.end(), [](const auto& times) { return times == 1; }));
      CHECK(known_thread);
    }
  }
  CHECK_THROWS_AS(ThreadTeam(0), std::invalid_argument);
}

TEST_CASE("commits come one at a time, in the order of the tasks, on the thread that computed", "[core]") {
  for (int size : {1, 2, 5}) {
    ThreadTeam team(size);
    std::vector<int> computed_by(500, -1);
    std::vector<std::size_t> committed;  // unguarded: the team keeps commits apart
    bool same_thread = true;
    team.run(
        computed_by.size(), [&](std::size_t task, int thread) { computed_by[task] = thread; },
        [&](std::size_t task, int thread) {
          committed.push_back(task);
          same_thread = same_thread && computed_by[task] == thread;
        });
    std::vector<std::size_t> expected(computed_by.size());
    std::iota(expected.begin(), expected.end(), std::size_t{0});
    CHECK(committed == expected);
    CHECK(same_thread);
  }
}

TEST_CASE("a split loop without a group is a loop of the team", "[core]") {
  for (int size : {1, 2, 5}) {
    ThreadTeam team(size);
    REQUIRE(team.group() == nullptr);
    std::vector<std::size_t> results(static_cast<std::size_t>(size)), committed;
    bool as_left = true;
    team.run_split(
        500, [&](std::size_t task, int thread) { results[static_cast<std::size_t>(thread)] = task; },
        [&](int thread) { return std::as_bytes(std::span(&results[static_cast<std::size_t>(thread)], 1)); },
        [&](std::size_t task, std::span<const std::byte> result) {
          committed.push_back(task);
          as_left = as_left && values_of<std::size_t>(result).front() == task;
        });
    std::vector<std::size_t> expected(500);
    std::iota(expected.begin(), expected.end(), std::size_t{0});
    CHECK(committed == expected);
    CHECK(as_left);
  }
}

TEST_CASE("exceptions arrive from compute and from commit, and the team works on", "[core]") {
  for (int size : {1, 2, 5}) {
    ThreadTeam team(size);
    for (std::size_t bad : {0, 17, 99}) {
      const auto fail_at = [bad](std::size_t task, int) {
        if (task == bad) throw std::runtime_error("task " + std::to_string(bad));
      };
      const auto nothing = [](std::size_t, int) {};
      std::size_t commits = 0;
      const auto count_commits = [&commits](std::size_t, int) { ++commits; };
      const std::string expected = "task " + std::to_string(bad);
      CHECK(message_of(team, 100, fail_at, nullptr) == expected);
      CHECK(message_of(team, 100, fail_at, count_commits) == expected);
      CHECK(commits <= bad);  // none out of order, none after the failure
      CHECK(message_of(team, 100, nothing, fail_at) == expected);
      std::atomic<std::size_t> sum = 0;
      team.run(100, [&](std::size_t task, int) { sum += task; });
      CHECK(sum == 4950);
    }
  }
}

TEST_CASE("sums made in commits have the same bits for any size, within another team's tasks too", "[core]") {
  ThreadTeam one(1);
  const double alone = ordered_sum(one, 999);
  for (int size : {2, 5}) {
    ThreadTeam team(size);
    for (int repeat = 0; repeat < 20; ++repeat) CHECK(ordered_sum(team, 999) == alone);
    std::vector<double> sums(6);
    team.run(sums.size(), [&](std::size_t task, int) {
      ThreadTeam inner(1 + static_cast<int>(task % 3));
      sums[task] = ordered_sum(inner, 999);
    });
    CHECK(sums == std::vector<double>(6, alone));
  }
}

TEST_CASE("no task begins at the deadline or later, and without one the team works on", "[core]") {
  const auto now = ThreadTeam::Clock::now();
  for (int size : {1, 2, 5}) {
    ThreadTeam team(size);
    std::atomic<int> tasks = 0;
    const auto count_tasks = [&](std::size_t, int) { ++tasks; };
    CHECK_NOTHROW(team.check_deadline());
    team.set_deadline(now);
    CHECK_THROWS_AS(team.check_deadline(), TrialTimeout);
    CHECK_THROWS_AS(team.run(100, count_tasks), TrialTimeout);
    CHECK_THROWS_AS(team.run(100, count_tasks, count_tasks), TrialTimeout);
    CHECK(tasks == 0);
    CHECK_NOTHROW(team.run(0, count_tasks));  // has no task
    for (const auto later : {now + std::chrono::hours(24), ThreadTeam::no_deadline}) {
      team.set_deadline(later);
      CHECK_NOTHROW(team.check_deadline());
      tasks = 0;
      team.run(100, count_tasks);
      CHECK(tasks == 100);
    }
  }
}

TEST_CASE("a deadline that passes during a loop ends it with what was committed in order", "[core]") {
  constexpr std::size_t tasks = 10'000;  // ten seconds on one thread
  for (int size : {1, 2, 5}) {
    ThreadTeam team(size);
    team.set_deadline(ThreadTeam::Clock::now() + std::chrono::milliseconds(5));
    std::vector<std::size_t> committed;
    const auto run = [&] {
      team.run(
          tasks, [](std::size_t, int) { std::this_thread::sleep_for(std::chrono::milliseconds(1)); },
          [&](std::size_t task, int) { committed.push_back(task); });
    };
    CHECK_THROWS_AS(run(), TrialTimeout);
    CHECK(committed.size() < tasks);
    for (std::size_t k = 0; k < committed.size(); ++k) REQUIRE(committed[k] == k);
  }
}

TEST_CASE("this process may use at least one core", "[core]") {
  CHECK(available_cores() >= 1);
}

}  // namespace memscale
