#include "memscale/store/record_set.hpp"

#include "catch.hpp"
#include "memscale/core/text.hpp"
#include "store_fixture.hpp"

using namespace memscale;

TEST_CASE("a finished record replaces a failed one and is never replaced") {
  RecordSet set;
  const Record done = make_record(3);
  const std::uint64_t id = trial_id(done.trial);
  CHECK(set.add(id, make_failure(3, "first")));
  CHECK_FALSE(set.has_result(id));
  CHECK_FALSE(set.add(id, make_failure(3, "first")));
  CHECK(set.add(id, make_failure(3, "second")));
  CHECK(set.records().at(0).message == "second");
  CHECK(set.add(id, done));
  CHECK(set.has_result(id));
  CHECK_FALSE(set.add(id, make_failure(3, "third")));
  Record again = done;
  again.cost.rank = 99;
  CHECK_FALSE(set.add(id, again));
  REQUIRE(set.records().size() == 1);
  CHECK(same_record(set.records()[0], done));
}

TEST_CASE("two results of one trial must agree") {
  RecordSet set;
  const Record done = make_record(3);
  const std::uint64_t id = trial_id(done.trial);
  set.add(id, done);
  Record other = done;
  std::string difference;
  SECTION("in their result") {
    other.result.capacity += 1;
    difference = "capacity 1003 and 1004";
  }
  SECTION("in a trace") {
    other.trace.accuracy[0] = 0.5;
    difference = "trace accuracy of step 1 ";
  }
  SECTION("in the recall curve") {
    other.recall[2] = 1 - other.recall[2];
    difference = "recall of bin 3 ";
  }
  const std::string message = message_of<std::runtime_error>([&] { set.add(id, other); });
  CHECK(contains(message, to_hex(id)));
  CHECK(contains(message, difference));
  CHECK_THROWS_AS(set.require_agreement(id, other), std::runtime_error);
  CHECK(same_record(set.records().at(0), done));
}

TEST_CASE("results that are not a number agree with themselves") {
  RecordSet set;
  Record diverged = make_record(3);
  diverged.result.accuracy = std::numeric_limits<double>::quiet_NaN();
  const std::uint64_t id = trial_id(diverged.trial);
  CHECK(set.add(id, diverged));
  CHECK_FALSE(set.add(id, diverged));
}

TEST_CASE("texts are cut at whole characters and hold no NUL") {
  CHECK(storable_text("a\xC3\xA9", 2) == "a");
  CHECK(storable_text("a\xC3\xA9", 3) == "a\xC3\xA9");
  CHECK(storable_text(std::string("a\0b", 3), 9) == "a?b");
  CHECK(storable(make_failure(1, std::string(5000, 'x'))).message.size() == longest_message);
  Record done = make_record(1);
  done.message = "not a failure";
  CHECK(storable(done).message.empty());
}
