#include "memscale/store/record_filter.hpp"

#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "store_fixture.hpp"

using namespace memscale;

TEST_CASE("numbers are compared as numbers, enums by name, ids by their digits") {
  Record record = make_record(3);
  record.trial.items = 100000;
  record.trial.alpha = 1.5;
  record.trial.seed = 9007199254740993;  // not a double
  const auto holds = [&](const std::string& text) { return FieldCondition(text).holds(record); };
  CHECK(holds("items=1e5"));
  CHECK(holds("items=7, 100000"));
  CHECK_FALSE(holds("items=100001"));
  CHECK(holds("alpha=1.50"));
  CHECK(holds("alpha=15e-1"));
  CHECK(holds("seed=9007199254740993"));
  CHECK_FALSE(holds("seed=9007199254740992"));
  CHECK(holds("batch=inf"));
  CHECK_FALSE(holds("batch=-inf"));
  CHECK(holds("optimizer=" + std::string(name_of(record.trial.optimizer))));
  CHECK(holds("status=ok,failed"));
  CHECK_FALSE(holds("status=failed"));
  CHECK(holds("trial_id=" + to_hex(trial_id(record.trial))));
  CHECK_FALSE(holds("trial_id=0123456789abcdef"));
  CHECK(holds("capacity=1003"));
  CHECK(holds("polar_cosine=nan"));  // of odd ones
  record.result.polar_cosine = 0.5;
  CHECK_FALSE(holds("polar_cosine=nan"));
}

TEST_CASE("a condition that cannot hold is refused in words") {
  const auto refusal = [](const std::string& text) { return message_of<InputError>([&] { FieldCondition{text}; }); };
  CHECK(refusal("alhpa=2") == "unknown field alhpa (did you mean alpha?)");
  CHECK(refusal("optimiser=gd") == "unknown field optimiser (did you mean optimizer?)");
  CHECK(contains(refusal("status=fine"), "must be one of ok, diverged, failed"));
  CHECK(contains(refusal("d=wide"), "must be a whole number"));
  CHECK(contains(refusal("d=1.5"), "must be a whole number"));
  CHECK(contains(refusal("d=1e30"), "must be a whole number"));
  CHECK(contains(refusal("alpha=two"), "must be a number"));
  CHECK(contains(refusal("trial_id=12"), "16 hexadecimal digits"));
  for (const char* text : {"d", "=3", "d=", "d=1,,2", ""}) CHECK(refusal(text) != "nothing thrown");
}
