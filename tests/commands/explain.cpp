#include "memscale/commands/explain.hpp"

#include "captured_output.hpp"
#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/job_file.hpp"
#include "memscale/experiment/trace_length.hpp"
#include "memscale/store/run_state.hpp"

using namespace memscale;

namespace {

Writer writer() {
  Writer made;
  made.job.text = "[grid]\nd = 8, 16\nalpha = 1.5, 2\noptimizer = gd\nseed = 1:2\n[problem]\nitems = 50\n";
  made.job.parameters = "train.eta=1\n";
  made.command_line = "memscale run small.cfg -o a.h5";
  return made;
}

TrialList trials() {
  return expand(parse_grid(writer().job.text, "job", {}));
}

Record record_of(std::size_t place) {
  Record record;
  record.trial = trials().trials.at(place);
  record.result.steps_done = 1;
  record.result.capacity = 42;
  for_each_field(record.trace, [&](const char* name, std::vector<double>& values) {
    values.assign(trace_length(name, record.trial, 1), 42);
  });
  record.cost.seconds = 12.5;
  record.cost.seconds_embeddings = 0.5;
  record.cost.seconds_gradient = 2;
  record.cost.seconds_update = 4;
  record.cost.seconds_capacity = 6;
  record.cost.threads = 1;
  record.cost.rank = 3;
  record.cost.host = "node1";
  record.cost.started = 1706702400;
  return record;
}

std::string explained(const std::vector<std::string>& arguments) {
  const Captured found = captured([&] { return explain(arguments); });
  CHECK(found.status == 0);
  return found.out;
}

std::string id_of(std::size_t place) {
  return to_hex(trials().ids.at(place));
}

}  // namespace

TEST_CASE("explain tells how a trial went, beside what the others let expect and what theory predicts") {
  const TemporaryFolder folder;
  const std::string store = folder / "a.h5";
  write_store(store, {record_of(0), record_of(1), record_of(5)}, writer());
  const std::string text = explained({id_of(0), store});
  CHECK(text.starts_with("trial: " + id_of(0) + "\nparameters: d=8 alpha=1.5 seed=1, and model=gaussian items=50 "));
  CHECK(contains(text, "\njob: job 1 of 1 in "));
  CHECK(contains(text, "\nstate: done\nresult: capacity 42, "));
  CHECK(contains(text, "\nran: 2024-01-31 12:00:00 UTC, on rank 3 of node1, 12.5 s with 1 thread"));
  CHECK(contains(text,
                 "\ncost: embeddings 0.5 s, gradient 2 s, update 4 s, capacity 6 s, measures 0 s; expected by 2 "
                 "other trials: "));
  CHECK(contains(text, "\nbundle: its embeddings (d, items, kappa, seed) serve 1 other trial of the job, "));
  CHECK(contains(text, "\ntheory: capacity ~ d^0.333 up to logarithms (exponent 1/(2 alpha))\n"));
  CHECK(contains(text, "\nreplay: memscale replay " + id_of(0) + " "));
  CHECK(explained({id_of(0).substr(0, 8), store}) == text);
}

TEST_CASE("explain tells a failed trial's message") {
  const TemporaryFolder folder;
  Record record = record_of(0);
  record.result = {.status = TrialStatus::failed};
  record.trace = {};
  record.message = "singular\nHessian";
  write_store(folder / "a.h5", {record}, writer());
  const std::string text = explained({id_of(0), folder / "a.h5"});
  CHECK(contains(text, "\nstate: failed, to be tried again by the next run: singular?Hessian\n"));
  CHECK(!contains(text, "\nresult: "));
}

TEST_CASE("explain tells why a trial waits, and on which rank one is at work") {
  const TemporaryFolder folder;
  const std::string store = folder / "a.h5";
  write_store(store, {record_of(0)}, writer());
  const std::string waits = explained({id_of(4), store});
  CHECK(contains(waits, "\nstate: pending, and no run is at work; run again: memscale run small.cfg -o a.h5\n"));
  CHECK(contains(waits, "\nexpected: about "));
  CHECK(contains(waits, "(from 1 finished trial)"));
  CHECK(!contains(waits, "\nreplay: "));

  ResultStore run(store, writer());
  RunState state;
  state.pid = ::getpid();
  state.updated = 1706702400 + 12;
  state.trials = {{trials().ids.at(4), 7, 1, 1706702400, 30}};
  write_run_state(resolve_store_path(store), state);
  CHECK(contains(explained({id_of(4), store}),
                 "\nstate: running on rank 7, since 2024-01-31 12:00:00 UTC, for 12 s of about 30 s\n"));
}

TEST_CASE("explain knows the trials of a job file that no run has begun") {
  const TemporaryFolder folder;
  write_bytes(folder / "small.cfg", writer().job.text);
  const std::string text = explained({id_of(3), folder / "small.cfg"});
  CHECK(contains(text, "\njob: small.cfg\nstate: given by the job; "));
  CHECK(contains(text, "(estimated from a second's calibration on this machine)"));
}

TEST_CASE("explain refuses what it cannot find") {
  const TemporaryFolder folder;
  write_store(folder / "a.h5", {record_of(0)}, writer());
  write_bytes(folder / "small.cfg", writer().job.text);
  const std::string store = folder / "a.h5", job = folder / "small.cfg";
  CHECK_THROWS_AS(explain({"ffffffffffffffff", store}), InputError);
  CHECK_THROWS_AS(explain({"ffffffffffffffff", job}), InputError);
  CHECK_THROWS_AS(explain({"xyz", store}), InputError);
  CHECK_THROWS_AS(explain({id_of(0), folder / "none.h5"}), InputError);
}
