#include "memscale/commands/verify.hpp"

#include <algorithm>

#include "captured_output.hpp"
#include "catch.hpp"
#include "memscale/commands/rerun.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/job_file.hpp"

using namespace memscale;

namespace {

/// What a run of a small grid stores.
std::vector<Record> true_records() {
  Workspace workspace;
  std::vector<Record> records;
  const std::string job =
      "[grid]\nd = 8, 16\noptimizer = gd, muon\nseed = 1:3\n[problem]\nitems = 200\n[train]\nsteps = 3\n";
  for (const Trial& trial : expand(parse_grid(job, "job", {})).trials) records.push_back(run_trial(trial, workspace));
  return records;
}

Captured verified(const std::vector<Record>& records, const std::vector<std::string>& flags) {
  const TemporaryFolder folder;
  write_store(folder / "a.h5", records);
  std::vector<std::string> arguments{(folder / "a.h5").string()};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  return captured([&] { return verify(arguments); });
}

std::string last_line(const std::string& text) {
  const std::size_t begin = text.rfind('\n', text.size() - 2);
  return text.substr(begin == std::string::npos ? 0 : begin + 1);
}

}  // namespace

TEST_CASE("a store that was computed here verifies, on any number of threads") {
  const std::vector<Record> records = true_records();
  REQUIRE(records.size() == 12);
  for (const char* threads : {"1", "2", "auto"}) {
    const Captured all = verified(records, {"--sample", "100", "--seed", "1", "--threads", threads});
    CHECK(all.status == 0);
    CHECK(all.out ==
          "read 12 trials: 12 ok, 0 diverged, 0 failed\nrunning 12 again, --seed 1\n"
          "verified 12 of 12 trials: all the same\n");
  }
  CHECK(last_line(verified(records, {}).out) == "verified 10 of 12 trials: all the same\n");
  const Captured read = verified(records, {"--sample", "0"});
  CHECK(read.status == 0);
  CHECK(last_line(read.out) == "verified 0 of 12 trials: none run again\n");
}

TEST_CASE("each planted difference is told in a line") {
  std::vector<Record> records = true_records();
  records[2].result.capacity += 1;
  records[5].trace.accuracy[1] += 1e-9;
  records[7].recall[0] -= 1;
  records[9].result.status = TrialStatus::failed;  // not compared
  const Captured found = verified(records, {"--sample", "100", "--seed", "3"});
  CHECK(found.status == 1);
  CHECK(last_line(found.out) == "verified 11 of 12 trials: 3 differ\n");
  CHECK(std::count(found.out.begin(), found.out.end(), '\n') == 6);
  const Result& result = records[2].result;
  CHECK(contains(found.out, "\n" + to_hex(trial_id(records[2].trial)) + " capacity: " + to_text(result.capacity) +
                                " stored, " + to_text(result.capacity - 1) + " now\n"));
  CHECK(contains(found.out, "\n" + to_hex(trial_id(records[5].trial)) + " trace accuracy of step 2: "));
  CHECK(contains(found.out, " now (rounding only: "));
  CHECK(contains(found.out, "\n" + to_hex(trial_id(records[7].trial)) + " recall of bin 1: "));
}

TEST_CASE("a sample that misses the difference does not see it; its seed repeats") {
  std::vector<Record> records = true_records();
  records[4].result.capacity += 1;
  int found = 0;
  for (int seed = 0; seed < 12; ++seed) {
    const std::vector<std::string> flags{"--sample", "4", "--seed", std::to_string(seed)};
    const Captured first = verified(records, flags);
    CHECK(first.out == verified(records, flags).out);
    found += first.status;
  }
  CHECK(found > 0);
  CHECK(found < 12);
}

TEST_CASE("trials of another physics version are read only") {
  std::vector<Record> records = true_records();
  for (std::size_t i = 0; i < 4; ++i) {
    records[i].trial.physics = 1;
    records[i].result.capacity += 1;
  }
  const Captured found = verified(records, {"--sample", "100", "--seed", "3"});
  CHECK(found.status == 0);
  CHECK(contains(found.out, "\n4 of another physics version than this program's, " + to_text(physics_version) +
                                ", are not run again\n"));
  CHECK(last_line(found.out) == "verified 8 of 12 trials: all the same\n");
}

TEST_CASE("parameters that no job gives are not run") {
  Workspace workspace;
  Record record = true_records().front();
  record.trial.d = std::int64_t{1} << 40;
  CHECK_THROWS_AS(rerun(record, workspace), InputError);
  record.trial.d = 8;
  record.trial.ridge = 1;  // gd has none
  CHECK_THROWS_AS(rerun(record, workspace), InputError);
}

TEST_CASE("numbers out of their ranges are refused") {
  for (const std::vector<std::string>& flags : std::vector<std::vector<std::string>>{
           {"--sample", "-1"}, {"--sample", "x"}, {"--threads", "0"}, {"--threads", "many"}, {"--seed", "1.5"}})
    CHECK_THROWS_AS(verified({}, flags), InputError);
}
