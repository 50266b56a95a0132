#include "memscale/commands/plan.hpp"

#include "captured_output.hpp"
#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/job_file.hpp"
#include "memscale/experiment/job_parameters.hpp"
#include "memscale/experiment/run_trial.hpp"
#include "memscale/experiment/trace_length.hpp"

using namespace memscale;

namespace {

constexpr const char* text = "[grid]\nd = 8, 16\noptimizer = gd\nseed = 1:5\n[problem]\nitems = 200\n";

struct Planned {
  Planned() { write_bytes(folder / "small.cfg", text); }
  std::string plan_of(std::vector<std::string> flags) const {
    flags.insert(flags.begin(), (folder / "small.cfg").string());
    const Captured found = captured([&] { return plan(flags); });
    CHECK(found.status == 0);
    return found.out;
  }
  TemporaryFolder folder;
};

Writer writer() {
  Writer made;
  made.job.text = text;
  made.job.parameters = job_parameters(text, {});
  return made;
}

/// Results of the first `ok` trials of the job, and then so many failures; each took `seconds`.
void write_results(const std::filesystem::path& store, std::size_t ok, std::size_t failed, double seconds) {
  const std::vector<Trial> trials = expand(parse_grid(text, "job", {})).trials;
  std::vector<Record> records(ok + failed);
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i].trial = trials[i];
    records[i].result.steps_done = 1;
    for_each_field(records[i].trace, [&](const char* name, std::vector<double>& values) {
      values.assign(trace_length(name, records[i].trial, 1), 1);
    });
    records[i].cost.threads = 1;
    records[i].cost.seconds = records[i].cost.seconds_capacity = seconds;
    if (i < ok) continue;
    records[i].result = Result{.status = TrialStatus::failed};
    records[i].trace = {};
  }
  write_store(store, records, writer());
}

}  // namespace

TEST_CASE("a plan counts trials, calibrates itself, shows the first trials, and writes nothing") {
  const Planned planned;
  const std::string shown = planned.plan_of({"-o", (planned.folder / "a.h5").string(), "--ranks", "4"});
  CHECK(shown.starts_with("job: small.cfg, 10 trials, 10 to run\ncore-hours: about "));
  CHECK(contains(shown, "estimated from a second's calibration on this machine\n"));
  CHECK(contains(shown, " on 4 ranks\n"));
  CHECK(contains(shown, " for a node with 4 ranks; this machine has "));
  const Trial first = expand(parse_grid(text, "job", {})).trials.front();
  CHECK(contains(shown, "\ntrial: " + to_hex(trial_id(first)) + " d=8 seed=1, about "));
  CHECK(contains(shown, "\ntrial: and 5 more to run\n"));
  CHECK(names_in(planned.folder.path()) == std::vector<std::string>{"small.cfg"});
}

TEST_CASE("a plan leaves out what the store holds, and learns from it") {
  const Planned planned;
  const std::string store = planned.folder / "a.h5";
  write_results(store, 6, 1, 3600);
  const std::string shown = planned.plan_of({"-o", store});
  CHECK(shown.starts_with("job: small.cfg, 10 trials, 6 in "));
  CHECK(contains(shown, ", 1 that failed there are to be run again, 4 to run\n"));
  CHECK(contains(shown, ", from 6 finished trials\n"));
  CHECK(!contains(shown, "refused: "));
  const auto place = shown.find("core-hours: about ");
  REQUIRE(place != std::string::npos);
  CHECK(std::stod(shown.substr(place + 18)) > 3);
  CHECK(std::stod(shown.substr(place + 18)) < 30);  // d = 16 may take some times as long as d = 8
  const std::string threads = planned.plan_of({"-o", store, "--threads", "2"});
  CHECK(contains(threads, "estimated from a second's calibration"));  // those ran on one
}

TEST_CASE("flags change a plan as they change a run") {
  const Planned planned;
  CHECK(planned.plan_of({"--grid.seed", "1:3"}).starts_with("job: small.cfg, 6 trials, 6 to run\n"));
  write_results(planned.folder / "a.h5", 10, 0, 1);
  const std::string store = planned.folder / "a.h5";
  CHECK(planned.plan_of({"-o", store}).ends_with(", 0 to run\n"));
  const std::string changed = planned.plan_of({"-o", store, "--train.eta=2"});
  CHECK(contains(changed, "\nrefused: the store was made with other parameters: train.eta: 1 -> 2"));
  CHECK_THROWS_AS(planned.plan_of({"--grid.alhpa", "1"}), InputError);
  CHECK_THROWS_AS(planned.plan_of({"--ranks", "0"}), InputError);
}

TEST_CASE("a plan says where memory is too small") {
  const Planned planned;
  const std::string shown = planned.plan_of({"--problem.items", "100000000", "--grid.d", "8,65536", "--ranks", "3"});
  CHECK(contains(shown, "\ntoo large: 0 such ranks fit into this machine"));
}
