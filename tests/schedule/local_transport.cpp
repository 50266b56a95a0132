#include "memscale/schedule/local_transport.hpp"

#include <atomic>
#include <memory>
#include <thread>

#include "catch.hpp"
#include "memscale/schedule/dispatcher.hpp"
#include "record_keeper.hpp"
#include "sample_trials.hpp"

using namespace memscale;
using namespace std::chrono_literals;

namespace {

/// Takes up to 0.3 ms, and counts calls that overlap.
TrialRunner busy_runner(std::atomic<int>& overlaps) {
  return [&overlaps, inside = std::make_shared<std::atomic<int>>(0)](const Trial& trial, const TrialCall&) {
    if (inside->fetch_add(1) != 0) ++overlaps;
    std::this_thread::sleep_for(std::chrono::microseconds(trial_id(trial) % 300));
    inside->fetch_sub(1);
    return fake_record(trial);
  };
}

std::optional<Record> fake_run(const Trial& trial, const TrialCall&) {
  return fake_record(trial);
}

}  // namespace

TEST_CASE("threads run every trial once, each one at a time") {
  for (int workers : {1, 2, 5}) {
    const std::vector<Trial> trials = trial_grid({8, 16, 32}, {1.25, 1.5, 2}, {1, 2, 3, 4});
    std::atomic<int> overlaps{0};
    std::vector<TrialRunner> runners;
    for (int worker = 0; worker < workers; ++worker) runners.push_back(busy_runner(overlaps));
    LocalTransport transport(runners);
    REQUIRE(transport.ranks() == workers);
    transport.start_run({});

    Scheduler scheduler(trials, {.ranks = workers, .ranks_per_trial = 1, .batch_seconds = 0.25});
    RecordKeeper keeper;
    Dispatcher(scheduler, transport, keeper).run();
    CHECK(sorted_ids(keeper.records) == sorted_ids(trials));
    for (const Record& record : keeper.records) CHECK(same_but_cost(record, fake_record(record.trial)));
    CHECK(overlaps == 0);
  }
}

TEST_CASE("waiting for idle threads ends without news") {
  LocalTransport transport({fake_run, fake_run});
  transport.start_run({});
  CHECK_FALSE(transport.wait(1ms));
}

TEST_CASE("a busy thread refuses more work, and threads do not share any") {
  std::atomic<bool> go{false};
  LocalTransport transport({[&](const Trial& trial, const TrialCall&) {
    while (!go) std::this_thread::sleep_for(1ms);
    return std::optional(fake_record(trial));
  }});
  transport.start_run({});
  const std::vector<Trial> trials = trial_grid({8}, {1.5}, {1, 2});
  CHECK_THROWS_AS(transport.assign({{trials[0]}, {0, 1}}), std::logic_error);
  transport.assign({{trials[0]}, {0}});
  bool refused = false;
  // the thread may take the first before the second comes; it cannot take both
  for (int i = 1; i < 3 && !refused; ++i) try {
      transport.assign({{trials[static_cast<std::size_t>(i)]}, {0}});
    } catch (const std::logic_error&) {
      refused = true;
    }
  go = true;
  CHECK(refused);
}

TEST_CASE("an interrupted thread returns what it has not run") {
  std::atomic<bool> interrupted{false};
  LocalTransport transport({[&](const Trial& trial, const TrialCall&) {
    while (!interrupted) std::this_thread::sleep_for(1ms);
    return std::optional(fake_record(trial));
  }});
  transport.start_run({});
  const std::vector<Trial> trials = trial_grid({8}, {1.5}, {1, 2});
  transport.assign({trials, {0}});
  transport.interrupt();
  interrupted = true;
  const auto report = transport.wait(10s);
  REQUIRE(report);
  CHECK(report->idle);
  CHECK(report->records.size() + report->returned.size() == trials.size());
  CHECK(report->returned.size() >= trials.size() - 1);
}

TEST_CASE("a record knows its rank and host") {
  Trial trial = trial_grid({8}, {1.5}, {1}).front();
  trial.items = 50;
  const RunSettings settings;
  const auto record = make_trial_runner(3, 2)(trial, {settings, nullptr, nullptr});
  REQUIRE(record);
  CHECK(record->trial == trial);
  CHECK(record->cost.rank == 3);
  CHECK(record->cost.threads == 2);
  CHECK_FALSE(record->cost.host.empty());
}
