#include "memscale/commands/run_tally.hpp"

#include "catch.hpp"

using namespace memscale;

namespace {

Record record_with(TrialStatus status) {
  Record record;
  record.result.status = status;
  record.cost.seconds = 2;
  record.cost.seconds_gradient = 0.5;
  record.cost.seconds_capacity = 1;
  record.cost.seconds_blas = 1.2;
  return record;
}

}  // namespace

TEST_CASE("a summary counts all trials, and the time of those of this run") {
  RunTally tally;
  CHECK(tally.summary(0) == "0 trials: 0 ok, 0 diverged, 0 failed; 0 run in 0.00 s");
  tally.add_stored(TrialStatus::ok);
  tally.add_run(record_with(TrialStatus::ok));
  tally.add_run(record_with(TrialStatus::diverged));
  CHECK(tally.failed() == 0);
  CHECK(tally.summary(2.5) ==
        "3 trials: 2 ok, 1 diverged, 0 failed; 2 run in 2.50 s; of 4.00 s of work embeddings 0.0%, gradient 25.0%, "
        "update 0.0%, capacity 50.0%, measures 0.0%, blas 60.0%");
}

TEST_CASE("the first failure is kept") {
  RunTally tally;
  Record failed = record_with(TrialStatus::failed);
  failed.message = "singular Hessian";
  tally.add_run(failed);
  failed.message = "another";
  tally.add_run(failed);
  CHECK(tally.failed() == 2);
  CHECK(tally.first_failure().find("singular Hessian (trial ") == 0);
}
