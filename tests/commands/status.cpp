#include "memscale/commands/status.hpp"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "captured_output.hpp"
#include "catch.hpp"
#include "memscale/commands/run_clock.hpp"
#include "memscale/commands/status_text.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/job_file.hpp"

using namespace memscale;

namespace {

/// A run at work at time 10000, of 1680 trials.
StoreReport live_report() {
  StoreReport report;
  report.format = 3;
  report.job = "fig2.cfg";
  report.jobs = 1;
  report.trials = {1204, 3, 9};
  report.pending = 464;
  report.use = StoreUse::in_use;
  report.holder = LockHolder{"node1", "77", "2024-01-31T12:00:00Z"};
  RunState state;
  state.job = "fig2.cfg";
  state.host = "node1";
  state.pid = 77;
  state.started = 10000 - 6130;
  state.updated = 9999;
  state.ranks = 64;
  state.running = 63;
  state.pending = 401;
  state.core_seconds_done = 108 * 3600;
  state.core_seconds_left = 41 * 3600;
  state.busy = 0.96;
  state.eta_seconds = 2280;
  state.eta_error = 360;
  state.trials = {{0x10, 5, 1, 9989, 30}, {0x9f3a, 3, 4, 9879, 200}};
  report.state = state;
  return report;
}

StoreReport with_use(StoreReport report, StoreUse use) {
  report.use = use;
  return report;
}

Writer writer() {
  Writer made;
  made.job.text = "[grid]\nd = 8, 16\noptimizer = gd\nseed = 1:5\n[problem]\nitems = 50\n";
  made.job.parameters = "train.eta=1\n";
  made.command_line = "memscale run some/where/small.cfg -o a.h5";
  return made;
}

Record ended(const Trial& trial, TrialStatus status) {
  Record record;
  record.trial = trial;
  record.result.status = status;
  if (status == TrialStatus::failed) record.message = "it broke";
  return record;
}

std::vector<Record> records_of(std::size_t ok, std::size_t failed) {
  const std::vector<Trial> trials = expand(parse_grid(writer().job.text, "job", {})).trials;
  std::vector<Record> records;
  for (std::size_t i = 0; i < ok + failed; ++i)
    records.push_back(ended(trials.at(i), i < ok ? TrialStatus::ok : TrialStatus::failed));
  return records;
}

Captured status_of(const std::filesystem::path& store, std::vector<std::string> flags) {
  flags.push_back(store.string());
  return captured([&] { return status(flags); });
}

}  // namespace

TEST_CASE("a run at work shows in one line each what is done and when it will end") {
  const StoreReport report = live_report();
  CHECK(phase_of(report, 10000) == RunPhase::at_work);
  CHECK(head_line(report, "a.h5", 10000) ==
        "fig2.cfg  1680 trials   ok 1204 (71.7%)  running 63  pending 401  failed 9  diverged 3\n");
  CHECK(run_lines(report, 10000) ==
        "elapsed 1:42:10  ETA 0:38:00 +- 0:06:00  core-h 108 of about 149  busy 96%  64 ranks  last heard 1 s ago\n"
        "running: 0000000000009f3a on rank 3 and 3 more for 2 min of about 200 s\n"
        "running: 0000000000000010 on rank 5 for 10 s of about 30 s\n"
        "running: 61 more\n");
}

TEST_CASE("a run that says nothing any more, one that died and one that ended are told apart") {
  const StoreReport report = live_report();
  CHECK(phase_of(report, 10300) == RunPhase::silent);
  CHECK(run_lines(report, 10300).starts_with("not heard of: for 5 min, process 77 on node1 holds the store"));

  const StoreReport dead = with_use(report, StoreUse::idle);
  CHECK(phase_of(dead, 10300) == RunPhase::died);
  CHECK(head_line(dead, "a.h5", 10300) ==
        "fig2.cfg  1680 trials   ok 1204 (71.7%)  running 0  pending 464  failed 9  diverged 3\n");
  const std::string told = run_lines(dead, 10300);
  CHECK(
      told.starts_with("died: process 77 on node1, last alive 5 min ago (1970-01-01 02:46:39 UTC) after 1:42:09, with "
                       "63 trials at work; run the same command again\n"));
  CHECK(contains(told, "\nwas running: 0000000000009f3a on rank 3 and 3 more for 2 min of about 200 s\n"));

  StoreReport stopped = dead;
  stopped.state->ending = "a signal";
  CHECK(phase_of(stopped, 10300) == RunPhase::ended);
  CHECK(run_lines(stopped, 10300) == "ended: 5 min ago, with work left: a signal\n");

  StoreReport next = report;  // has the lock, and has not said anything yet
  next.holder->pid = "78";
  CHECK(phase_of(next, 99999) == RunPhase::at_work);
  next.state.reset();
  CHECK(run_lines(next, 99999).empty());
  CHECK(phase_of(with_use(next, StoreUse::idle), 0) == RunPhase::none);
  CHECK(phase_of(with_use(next, StoreUse::unknown), 0) == RunPhase::perhaps);
}

TEST_CASE("a run that is about to end says why and when") {
  StoreReport report = live_report();
  report.state->ending = "a signal";
  report.state->time_limit = 10720;
  const std::string lines = run_lines(report, 10000);
  CHECK(contains(lines, "\nending: a signal\n"));
  CHECK(contains(lines, "\ntime limit: 0:12:00 left\n"));
}

TEST_CASE("what is not known is not counted") {
  StoreReport report = live_report();
  report.pending.reset();
  CHECK(head_line(report, "a.h5", 10000) ==
        "fig2.cfg  at least 1279 trials   ok 1204  running 63  pending not known  failed 9  diverged 3\n");
  CHECK(check_status(report) == 75);
  report.job.clear();
  CHECK(head_line(report, "a.h5", 10000).starts_with("a.h5  "));
}

TEST_CASE("a run that has written nothing yet is known by what it says") {
  StoreReport report = live_report();
  report.format = 0;
  report.jobs = 0;
  report.trials = {};
  report.pending = 0;
  CHECK(head_line(report, "a.h5", 10000) ==
        "fig2.cfg  464 trials   ok 0 (0.0%)  running 63  pending 401  failed 0  diverged 0\n");
  CHECK(check_status(report) == 75);
}

TEST_CASE("trials that rounds of seeds have added are in no job, and a store is not complete before the last round") {
  StoreReport report = live_report();
  report.pending = 0;
  report.state->adds_seeds = 1;
  CHECK(check_status(report) == 75);
  report.journal_trials = 0;
  CHECK(check_status(report) == 75);
  report.state->round = 2;
  const TrialCounts live = counts_of(report, 10000);
  CHECK(live.running == 63);
  CHECK(live.pending == 401U);
  CHECK(contains(run_lines(report, 10000), "\nround: 2 of seeds that narrow the intervals\n"));
  report.use = StoreUse::idle;  // it died
  const TrialCounts dead = counts_of(report, 10000);
  CHECK(dead.running == 0);
  CHECK(dead.pending == 464U);
  report.state.reset();  // the last round is done
  CHECK(counts_of(report, 10000).pending == 0U);
  CHECK(check_status(report) == 1);  // some have failed
}

TEST_CASE("check ends with a status for scripts, and says one line") {
  const TemporaryFolder folder;
  const auto check = [&](std::size_t ok, std::size_t failed) {
    const auto path = folder / (std::to_string(ok) + "-" + std::to_string(failed) + ".h5");
    write_store(path, records_of(ok, failed), writer());
    const Captured found = status_of(path, {"--check"});
    CHECK(std::count(found.out.begin(), found.out.end(), '\n') == 1);
    CHECK(found.out.starts_with("small.cfg  10 trials   ok "));
    return found.status;
  };
  CHECK(check(10, 0) == 0);
  CHECK(check(8, 2) == 1);
  CHECK(check(7, 0) == 75);
  CHECK(check(7, 1) == 75);
  CHECK_THROWS_AS(status_of(folder / "none.h5", {"--check"}), InputError);
  {
    ResultStore store(folder / "journal.h5", writer());
    for (const Record& record : records_of(10, 0)) store.append(record);
    store.sync();
  }
  CHECK(status_of(folder / "journal.h5", {"--check"}).status == 75);  // of the results, the file holds none
}

TEST_CASE("json holds what the text says, and the run's own words") {
  const auto json = nlohmann::json::parse(status_json(live_report(), "a.h5", 10000));
  CHECK(json["trials"]["total"] == 1680);
  CHECK(json["trials"]["ok"] == 1204);
  CHECK(json["trials"]["pending"] == 401);
  CHECK(json["phase"] == "at-work");
  CHECK(json["check"] == 75);
  CHECK(json["run"]["eta_seconds"] == 2280.0);
  CHECK(json["run"]["time_limit"].is_null());
  CHECK(json["run"]["trials"][1]["id"] == "0000000000009f3a");
  CHECK(json["run"]["heard_seconds_ago"] == 1.0);
  CHECK(json["snapshot"].is_null());
  StoreReport unknown;
  unknown.failures = {{"caf\xe9", 1, 5}};  // not UTF-8
  CHECK(nlohmann::json::parse(status_json(unknown, "b.h5", 0))["trials"]["total"].is_null());
}

TEST_CASE("every failed trial is listed with its parameters and how to replay it") {
  const TemporaryFolder folder;
  write_store(folder / "a.h5", records_of(5, 3), writer());
  const Captured found = status_of(folder / "a.h5", {"--failed"});
  CHECK(found.status == 0);
  const std::vector<Record> records = records_of(5, 3);
  for (std::size_t i = 5; i < 8; ++i) {
    const std::string id = to_hex(trial_id(records[i].trial));
    CHECK(contains(found.out, "\n" + id + ": it broke\n  model=gaussian d=16 items=50"));
    CHECK(contains(found.out, "\n  memscale replay " + id + " " + (folder / "a.h5").string() + "\n"));
  }
  CHECK(!contains(found.out, to_hex(trial_id(records[0].trial))));
}

TEST_CASE("watching a store on which no run is at work shows it once; only reads") {
  const TemporaryFolder folder;
  write_store(folder / "a.h5", records_of(5, 3), writer());
  const auto before = names_in(folder.path());
  for (const std::vector<std::string>& flags :
       std::vector<std::vector<std::string>>{{"--watch"}, {"--watch", "0.5"}, {"--watch=0.5"}}) {
    const Captured found = status_of(folder / "a.h5", flags);
    CHECK(found.status == 0);
    CHECK(contains(found.out, "\ntrials: 5 ok, 0 diverged, 3 failed, 2 pending\n"));
    CHECK(found.out.find("small.cfg") == found.out.rfind("small.cfg"));
  }
  CHECK_THROWS_AS(status_of(folder / "a.h5", {"--watch=0"}), InputError);
  CHECK_THROWS_AS(status_of(folder / "a.h5", {"--watch=x"}), InputError);
  CHECK(names_in(folder.path()) == before);
}
