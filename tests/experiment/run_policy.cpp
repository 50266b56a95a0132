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
  CHECK_FALSE(policy.target_ci.given());
  CHECK(policy.max_seeds == 64);
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

TEST_CASE("targets of intervals") {
  const RunPolicy policy = policy_of("target-ci = C = 0.02 , c2=5e-2\nmax-seeds = 100\n");
  CHECK(policy.target_ci == CiTargets{.c = 0.02, .c2 = 0.05});
  CHECK(policy.max_seeds == 100);
  CHECK(policy_of("target-ci = C=0.1\n", {"--run.target-ci", "c1=2"}).target_ci == CiTargets{.c1 = 2});
  CHECK_FALSE(policy_of("target-ci = C=0.1\nmax-seeds = 9\n", {"--run.target-ci=none"}).target_ci.given());
  for (const std::string bad : {"C", "C=", "0.02", "C=0", "C=-1", "C=nan", "C=inf", "C=0.02x", "c=0.02", "c3=0.1",
                                "C=0.1,C=0.2", "C=0.1,none", "C=0.1=2"})
    CHECK(refusal("target-ci = " + bad + "\n") ==
          "test.cfg:5: invalid target-ci=" + bad +
              " (must be none, or positive half-widths of some of C, c1 and c2, each once, as C=0.02,c2=0.05)");
  CHECK(refusal("target-ci = C=0.1,\n").starts_with("test.cfg:5: invalid target-ci="));
  CHECK(refusal("target-ci = C=0.1\nmax-seeds = 1\n") ==
        "test.cfg:6: invalid max-seeds=1 (must be a whole number between 2 and 1000000)");
  CHECK(refusal("max-seeds = 8\n") == "test.cfg:5: invalid max-seeds=8 (must come with a target-ci)");
}

TEST_CASE("a job must be able to have the intervals that are aimed at") {
  const auto refused = [](const CiTargets& targets, const std::string& more) -> std::string {
    try {
      require_attainable(targets, 64, expand(parse_grid("[grid]\noptimizer = gd\n" + more, "test.cfg", {})).trials);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  CHECK(refused({.c = 0.1}, "d = 8, 16\n").empty());
  CHECK(refused({.c = 0.1}, "d = 8, 16\nseed = 7\n").empty());
  CHECK(refused({.c1 = 0.1, .c2 = 0.1}, "d = 8, 16\nalpha = 1.5, 2\n").empty());
  CHECK(refused({.c = 0.1}, "d = 8\nalpha = 1.5, 2\n") ==
        "invalid target-ci=C=0.1 (needs two values of d in the job, for a slope)");
  CHECK(refused({.c2 = 0.1}, "d = 8, 16\n") == "invalid target-ci=c2=0.1 (needs two values of alpha in the job)");
  CHECK(refused({.c = 0.1}, "d = 8, 16\nseed = 9223372036854775800\n") ==
        "invalid seed=9223372036854775800 (must leave room for 64 more: target-ci)");
}

TEST_CASE("what [run] says is no part of a job's identity") {
  const auto ids = [](const std::string& run) { return expand(parse_grid(grid + run, "test.cfg", {})).ids; };
  CHECK(ids("[run]\nretry = 3\nwalltime = 1h\n") == ids(""));
  CHECK(ids("[run]\ntarget-ci = C=0.1\n") == ids(""));
}
