#include "memscale/commands/run_watch.hpp"

#include "catch.hpp"
#include "sample_trials.hpp"

using namespace memscale;

TEST_CASE("who is at work on what, and how busy the ranks are") {
  const auto trials = trial_grid({8}, {1.5, 2}, {1});
  RunWatch watch(4, 100);
  CHECK(watch.running() == 0);
  CHECK(watch.busy(100) == 0);
  watch.assigned({{trials[0], trials[1], trials[2]}, {2}, 30}, 100);
  watch.assigned({{trials[3]}, {1, 0}, 40}, 105);
  CHECK(watch.running() == 2);
  CHECK(watch.waiting() == 2);
  REQUIRE(watch.assignment_of(0));
  CHECK(watch.assignment_of(0)->trials.front() == trials[3]);
  CHECK(watch.assignment_of(1) == watch.assignment_of(0));
  CHECK_FALSE(watch.assignment_of(3));
  CHECK(watch.core_seconds(110) == 20);  // 10 of one rank, 5 of two
  CHECK(watch.busy(110) == Approx(0.5));
  CHECK(watch.core_seconds_left(110) == 20 + 30);
  CHECK(watch.longest_left(110) == 20);

  auto shown = watch.trials(64);
  REQUIRE(shown.size() == 2);
  CHECK(shown[0].id == trial_id(trials[0]));  // the longest at work first
  CHECK(shown[0].expected_seconds == 10);
  CHECK(shown[1].rank == 1);
  CHECK(shown[1].ranks == 2);
  CHECK(shown[1].expected_seconds == 20);

  watch.ended(2, 1, 112);
  CHECK(watch.waiting() == 1);
  shown = watch.trials(1);
  REQUIRE(shown.size() == 1);
  CHECK(shown[0].id == trial_id(trials[3]));  // since 105; rank 2's second since 112
  watch.idle(std::vector<int>{1, 0}, 115);
  watch.ended(2, 2, 115);
  watch.idle(std::vector<int>{2}, 115);
  CHECK(watch.running() == 0);
  CHECK(watch.core_seconds(200) == 15 + 20);
  CHECK(watch.core_seconds_left(200) == 0);
}
