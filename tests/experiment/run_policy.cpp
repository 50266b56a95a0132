#include "memscale/experiment/run_policy.hpp"

#include <cmath>
#include <string>

#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "memscale/experiment/job_file.hpp"

using namespace memscale;

namespace {

const std::string grid = "[grid]\nd = 16\noptimizer = gd\n";

RunPolicy policy_of(const std::string& run, const std::vector<std::string>& flags = {}) {
  return run_policy(read_settings(grid + "[run]\n" + run, "test.cfg", flags));
}

std::string refusal(const std::string& run) {
  try {
    policy_of(run);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("without [run] a run goes on for ever") {
  const RunPolicy policy = policy_of("");
  CHECK(policy.on_error == OnError::go_on);
  CHECK_FALSE(policy.max_fails);
  CHECK(policy.retry == 0);
  CHECK(std::isinf(policy.trial_timeout));
  CHECK(policy.ranks_per_trial == 1);
  CHECK_FALSE(policy.walltime);
  CHECK_FALSE(policy.walltime_of_slurm);
  CHECK(policy.quarantine == 3);
}

TEST_CASE("the keys of [run]") {
  const RunPolicy policy = policy_of(
      "on-error = abort\nmax-fails = 7\nretry = 2\ntrial-timeout = 1:00\nranks-per-trial = 4\nwalltime = 2-00:00:00\n"
      "grace = 90s\ncheckpoint = 5m\nquarantine = never\n");
  CHECK(policy.on_error == OnError::abort);
  CHECK(policy.max_fails == 7U);
  CHECK(policy.retry == 2);
  CHECK(policy.trial_timeout == 60);
  CHECK(policy.ranks_per_trial == 4);
  CHECK(policy.walltime == 172800);
  CHECK(policy.grace == 90);
  CHECK(policy.checkpoint_seconds == 300);
  CHECK(policy.quarantine == 0);
}

TEST_CASE("words that stand for numbers, and flags that win") {
  const RunPolicy policy = policy_of("max-fails = 7\ntrial-timeout = 5s\nwalltime = 1h\nranks-per-trial = 2\n",
                                     {"--run.max-fails", "none", "--run.trial-timeout", "none", "--run.walltime=slurm",
                                      "--run.ranks-per-trial", "auto"});
  CHECK_FALSE(policy.max_fails);
  CHECK(std::isinf(policy.trial_timeout));
  CHECK(policy.walltime_of_slurm);
  CHECK_FALSE(policy.walltime);
  CHECK(policy.ranks_per_trial == 0);
  CHECK_FALSE(policy_of("walltime = none\n").walltime);
}

TEST_CASE("what [run] refuses") {
  CHECK(refusal("max-fails = 0\n") ==
        "test.cfg:5: invalid max-fails=0 (must be a whole number between 1 and 1000000000, or none)");
  CHECK(refusal("retry = -1\n") == "test.cfg:5: invalid retry=-1 (must be a whole number between 0 and 100)");
  CHECK(refusal("ranks-per-trial = 0\n") ==
        "test.cfg:5: invalid ranks-per-trial=0 (must be a whole number between 1 and 1000000, or auto)");
  CHECK(refusal("quarantine = 1.5\n") ==
        "test.cfg:5: invalid quarantine=1.5 (must be a whole number between 1 and 1000000, or never)");
  CHECK(refusal("walltime = 120\n").starts_with("test.cfg:5: invalid walltime=120 (must be a time like"));
  CHECK(refusal("grace = none\n").starts_with("test.cfg:5: invalid grace=none"));
  CHECK(refusal("max-fail = 3\n").ends_with("(did you mean run.max-fails?)"));
}

TEST_CASE("what [run] says is no part of a job's identity") {
  const auto ids = [](const std::string& run) { return expand(parse_grid(grid + run, "test.cfg", {})).ids; };
  CHECK(ids("[run]\nretry = 3\nwalltime = 1h\n") == ids(""));
}
