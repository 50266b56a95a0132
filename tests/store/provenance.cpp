#include "memscale/store/provenance.hpp"

#include "catch.hpp"
#include "memscale/experiment/job_parameters.hpp"

using namespace memscale;
using Lines = std::vector<std::string>;

namespace {

JobEntry job(const std::string& rest = "", const std::string& grid = "d = 16\noptimizer = gd, muon\n") {
  const std::string text = "[grid]\n" + grid + rest;
  return {.text = text, .flags = {}, .parameters = job_parameters(text, {}), .version = "1.0", .forced = {}};
}

JobEntry eta(const std::string& value) {
  return job("[train]\neta = " + value + "\n");
}

JobEntry unknown(std::int64_t physics) {
  return {.text = "[grid]\n", .flags = {}, .parameters = {}, .version = "0.9", .physics = physics, .forced = {}};
}

}  // namespace

TEST_CASE("added points, seeds, values and optimizers are no difference") {
  CHECK(job_differences({}, job()).empty());
  CHECK(job_differences({job()}, job()).empty());
  for (const char* grid : {"d = 16, 32\noptimizer = gd, muon\n", "d = 16\nseed = 1:9\noptimizer = gd, muon\n",
                           "d = 16\nalpha = 3\noptimizer = gd, muon\n", "d = 16\noptimizer = gd, muon, newton\n",
                           "d = 16\noptimizer = newton\n"})
    CHECK(job_differences({job()}, job("", grid)).empty());
  CHECK(job_differences({eta("1")}, eta("1, 2")).empty());
  CHECK(job_differences({eta("1, 2")}, eta("2")).empty());
}

TEST_CASE("what was fixed and is not any more is named, old and new") {
  CHECK(job_differences({eta("1")}, eta("2")) == Lines{"train.eta: 1 -> 2"});
  JobEntry edited = job();  // as if a default had changed since
  edited.parameters.replace(edited.parameters.find("measure.spectra=auto"), 20, "measure.spectra=final");
  CHECK(job_differences({edited}, job()) == Lines{"measure.spectra: final -> auto"});
}

TEST_CASE("a job is compared with the nearest before it") {
  const JobEntry far = job("[train]\neta = 5\n[problem]\nitems = 7\n");
  CHECK(job_differences({far, eta("1")}, eta("2")) == Lines{"train.eta: 1 -> 2"});
  CHECK(job_differences({eta("1"), far}, eta("2")) == Lines{"train.eta: 1 -> 2"});
  CHECK(job_differences({far}, eta("2")) == Lines{"problem.items: 7 -> 100000", "train.eta: 5 -> 2"});
}

TEST_CASE("another physics version is a difference, whether the parameters are known or not") {
  JobEntry older = job();
  older.physics = physics_version - 1;
  const Lines expected{"physics version: 1 -> 2"};
  CHECK(job_differences({older}, job()) == expected);
  CHECK(job_differences({unknown(1)}, job()) == expected);
  CHECK(job_differences({unknown(2)}, job()).empty());
  older.parameters = eta("3").parameters;
  CHECK(job_differences({older}, job()) == Lines{"train.eta: 3 -> 1", "physics version: 1 -> 2"});
}

TEST_CASE("a job of unknown parameters agrees with nothing that is known") {
  CHECK(job_differences({unknown(2), eta("1")}, eta("2")) == Lines{"train.eta: 1 -> 2"});
  CHECK(job_differences({unknown(1), eta("1")}, eta("1")).empty());
}

TEST_CASE("forced once, either job runs again without a word, and is listed once") {
  std::vector<JobEntry> jobs;
  add_job(jobs, eta("1"));
  JobEntry second = eta("2");
  second.forced = "train.eta: 1 -> 2";
  add_job(jobs, second);
  for (const char* value : {"1", "2", "1, 2"}) CHECK(job_differences(jobs, eta(value)).empty());
  add_job(jobs, eta("1"));
  add_job(jobs, eta("2"));
  REQUIRE(jobs.size() == 2);
  CHECK(jobs[1].forced == "train.eta: 1 -> 2");
  JobEntry with_flag = eta("1");
  with_flag.flags = "--grid.d 64";
  add_job(jobs, with_flag);
  CHECK(jobs.size() == 3);
}
