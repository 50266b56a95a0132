#include "memscale/store/result_difference.hpp"

#include "catch.hpp"
#include "store_fixture.hpp"

using namespace memscale;

namespace {

std::string told(const FieldDifference& one) {
  return one.name + ": " + one.stored + " stored, " + one.now + " now" + (one.may_be_rounding ? ", rounding" : "");
}

}  // namespace

TEST_CASE("equal outcomes have no difference, whatever they cost") {
  for (std::int64_t i = 0; i < 50; ++i) {
    Record other = make_record(i);
    other.cost.seconds = 99;
    CHECK(differences(make_record(i), other).empty());
    CHECK(same_outcome(make_record(i), other));
  }
}

TEST_CASE("each difference is told by name with both values") {
  Record stored = make_record(2);
  Record now = stored;
  std::string expected;
  SECTION("a count") {
    now.result.capacity = 7;
    expected = "capacity: 1002 stored, 7 now";
  }
  SECTION("a real number") {
    now.result.accuracy = 0.25;
    expected = "accuracy: 0.2 stored, 0.25 now, rounding";
  }
  SECTION("a status") {
    now.result.status = TrialStatus::diverged;
    expected = "status: ok stored, diverged now";
  }
  SECTION("a number that was not measured") {
    now.result.loss = 0.5;
    expected = "loss: nan stored, 0.5 now";
  }
  SECTION("a count in a trace") {
    now.trace.capacity[0] = 3;
    stored.trace.capacity[0] = 2;
    expected = "trace capacity of step 1: 2 stored, 3 now";
  }
  SECTION("a step more") {
    now.trace.accuracy.push_back(0.5);
    expected = "trace accuracy of step 2: none stored, 0.5 now";
  }
  SECTION("a loss of a group") {
    stored = now = make_orthogonal_record(2);
    stored.trace.group_loss[6] = 0.5;
    now.trace.group_loss[6] = 0.25;
    expected = "trace group_loss of entry 7: 0.5 stored, 0.25 now, rounding";
  }
  SECTION("recall") {
    now.recall[4] = 1 - stored.recall[4];
    expected =
        "recall of bin 5: " + std::to_string(stored.recall[4]) + " stored, " + std::to_string(now.recall[4]) + " now";
  }
  SECTION("the sign of 0") {
    now.result.accuracy = 0.0;
    stored.result.accuracy = -0.0;
    expected = "accuracy: -0 stored, 0 now";
  }
  const auto found = differences(stored, now);
  REQUIRE(found.size() == 1);
  CHECK(told(found[0]) == expected);
  CHECK_FALSE(same_outcome(stored, now));
}

TEST_CASE("differences come in the order of the fields, all of them") {
  const Record stored = make_record(31);
  Record now = make_record(32);
  const auto found = differences(stored, now);
  REQUIRE(found.size() > 8);
  CHECK(found.front().name == "steps_done");
  CHECK(found.back().name.starts_with("recall"));
}
