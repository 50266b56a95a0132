#include "memscale/commands/job_trials.hpp"

#include <algorithm>

#include "catch.hpp"
#include "memscale/experiment/job_file.hpp"

using namespace memscale;

namespace {

JobEntry job(const std::string& text, const std::string& flags = "") {
  JobEntry entry;
  entry.text = text;
  entry.flags = flags;
  entry.parameters = "train.eta=1\n";
  return entry;
}

const std::string text = "[grid]\nd = 8, 16\noptimizer = gd\nseed = 1:3\n";

}  // namespace

TEST_CASE("flags come apart as they were given") {
  using Parts = std::vector<std::string>;
  CHECK(split_flags("").empty());
  CHECK(split_flags("--grid.d 64,128 --train.eta -1") == Parts{"--grid.d", "64,128", "--train.eta", "-1"});
  CHECK(split_flags("--grid.alpha 1.5, 2 --grid.d 8") == Parts{"--grid.alpha", "1.5, 2", "--grid.d", "8"});
  CHECK(split_flags("--grid.d=64, 128 --grid.seed 1") == Parts{"--grid.d=64, 128", "--grid.seed", "1"});
}

TEST_CASE("the jobs' trials are counted once each") {
  const JobTrials one = trials_of({job(text)});
  CHECK(one.ids.size() == 6);
  CHECK(one.problems.empty());
  CHECK(trials_of({job(text), job(text, "--grid.seed 2:5")}).ids.size() == 10);
  CHECK(trials_of({job(text, "--grid.d 8")}).ids.size() == 3);
  CHECK(std::is_sorted(one.ids.begin(), one.ids.end()));
  CHECK(trials_of({}).ids.empty());
}

TEST_CASE("a job that this version cannot read is told, and the others still count") {
  JobEntry other_physics = job(text, "--grid.seed 7:9");
  other_physics.physics = physics_version + 1;
  JobEntry of_earlier_format = job(text, "");
  of_earlier_format.parameters.clear();
  const JobTrials found = trials_of({job("[grid]\nwidth = 8\n"), job(text), other_physics, job(""), of_earlier_format});
  CHECK(found.ids.size() == 6);
  REQUIRE(found.problems.size() == 4);
  CHECK(found.problems[0].starts_with("job 1 cannot be read by this version: job 1:2: unknown key grid.width"));
  CHECK(found.problems[1] == "job 3 is of physics version " + std::to_string(physics_version + 1));
  CHECK(found.problems[2].starts_with("job 4 cannot be read by this version: "));
  CHECK(found.problems[3] == "job 5 was recorded without its flags, by an earlier version");
}
