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

namespace {

JobEntry of(const std::string& optimizers, const std::string& rest = "") {
  return job(rest, "d = 16\noptimizer = " + optimizers + "\n");
}

}  // namespace

TEST_CASE("a job that does not name a key does not vouch for it") {
  const auto muon = [](const std::string& train, const std::string& own) {
    return of("muon", "[train]\n" + train + "\n[muon]\n" + own + "\n");
  };
  struct Case {
    JobEntry first, second, changing, growing;
    Lines lines;
  };
  const JobEntry short_muon = muon("steps = 1", "");
  const std::string both = "steps = 1, 3\n", many = "steps = 3\n";
  const std::vector<Case> cases{
      {of("gd"), of("muon"), of("gd", "[train]\neta = 5\n"), of("gd", "[train]\neta = 1, 5\n"), {"train.eta: 1 -> 5"}},
      {short_muon,
       muon(both, "momentum = 0.5"),
       muon(both, "momentum = 0.9"),
       muon(both, "momentum = 0.5, 0.9"),
       {"muon.momentum: 0.5 -> 0.9"}},
      {of("gd", "[train]\n" + many),
       of("gd", "[train]\n" + many + "gradient = exact, thresholded\nthreshold = rank\n"),
       of("gd", "[train]\n" + many + "gradient = exact, thresholded\nthreshold = margin\n"),
       of("gd", "[train]\n" + many + "gradient = exact, thresholded\nthreshold = rank, margin\n"),
       {"train.threshold: rank -> margin"}},
      {muon("", "orthogonalizer = svd"),
       muon("", "orthogonalizer = svd, newton-schulz\nns-steps = 3"),
       muon("", "orthogonalizer = svd, newton-schulz\nns-steps = 7"),
       muon("", "orthogonalizer = svd, newton-schulz\nns-steps = 3, 7"),
       {"muon.ns-steps: 3 -> 7"}},
      {of("gd"),
       of("gd", "[train]\n" + both + "eta-growth = 0.5\n"),
       of("gd", "[train]\n" + both + "eta-growth = 0.9\n"),
       of("gd", "[train]\n" + both + "eta-growth = 0.5, 0.9\n"),
       {"train.eta-growth: 0.5 -> 0.9"}},
      {of("gd"),
       of("newton", "[newton]\nridge = 1e-3\n"),
       of("gd, newton", "[newton]\nridge = 1e-2\n"),
       of("gd, newton", "[newton]\nridge = 1e-3\n"),
       {"newton.ridge: 0.001 -> 0.01"}},
      {of("gd", "[train]\n" + many),
       of("gd", "[train]\n" + many + "stop-growth = 0, 0.1\nstop-window = 2\n"),
       of("gd", "[train]\n" + many + "stop-growth = 0, 0.1\nstop-window = 3\n"),
       of("gd", "[train]\n" + many + "stop-growth = 0, 0.1\nstop-window = 2, 3\n"),
       {"train.stop-window: 2 -> 3"}}};
  for (const Case& c : cases) {
    CAPTURE(c.changing.text);
    CHECK(job_differences({c.first}, c.second).empty());
    CHECK(job_differences({c.first, c.second}, c.changing) == c.lines);
    CHECK(job_differences({c.second, c.first}, c.changing) == c.lines);
    for (const JobEntry& again : {c.first, c.second, c.growing})
      CHECK(job_differences({c.first, c.second}, again).empty());
    CHECK(job_differences({c.first, c.second, c.changing}, c.changing).empty());  // forced
  }
}

TEST_CASE("an optimizer's own value is compared with what it took from [train]") {
  const JobEntry own = job("[gd]\neta = 1\n[muon]\neta = 1\n[train]\neta = 9\n");
  CHECK(job_differences({of("gd"), of("muon")}, own).empty());
  CHECK(job_differences({own}, job()).empty());
  CHECK(job_differences({of("gd"), of("muon")}, job("[gd]\neta = 2\n")) == Lines{"gd.eta: 1 -> 2"});
  CHECK(job_differences({of("gd", "[train]\neta = 3\n"), of("muon")}, job("[gd]\neta = 3\n")).empty());
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
