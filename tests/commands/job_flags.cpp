#include "memscale/commands/job_flags.hpp"

#include "catch.hpp"
#include "memscale/core/error.hpp"

using namespace memscale;

using Words = std::vector<std::string>;

TEST_CASE("a job's keys are taken from a command line, with their values, and nothing else is") {
  Words arguments{"--grid.d",   "64", "my.job.cfg", "--train.eta=2", "-o", "a.b.h5",
                  "--walltime", "2h", "--retry=1",  "--threads",     "4"};
  CHECK(take_job_flags(arguments) == Words{"--grid.d", "64", "--train.eta=2", "--run.walltime", "2h", "--run.retry=1"});
  CHECK(arguments == Words{"my.job.cfg", "-o", "a.b.h5", "--threads", "4"});
}

TEST_CASE("a job's key needs a value") {
  for (Words arguments : {Words{"--grid.d"}, Words{"--grid.d", "--threads", "4"}, Words{"--walltime"}})
    CHECK_THROWS_AS(take_job_flags(arguments), InputError);
}
