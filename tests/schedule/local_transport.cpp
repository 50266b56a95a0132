#include "memscale/schedule/local_transport.hpp"

#include <atomic>
#include <memory>
#include <thread>

#include "catch.hpp"
#include "memscale/schedule/dispatcher.hpp"
#include "sample_trials.hpp"

using namespace memscale;
using namespace std::chrono_literals;

namespace {

/// Takes up to 0.3 ms, and counts calls that overlap.
TrialRunner busy_runner(std::atomic<int>& overlaps) {
  return [&overlaps, inside = std::make_shared<std::atomic<int>>(0)](const Trial& trial) {
    if (inside->fetch_add(1) != 0) ++overlaps;
    std::this_thread::sleep_for(std::chrono::microseconds(trial_id(trial) % 300));
    inside->fetch_sub(1);
    return fake_record(trial);
  };
}

}  // namespace

TEST_CASE("threads run every trial once, each one at a time") {
  for (int workers : {1, 2, 5}) {
    const std::vector<Trial> trials = trial_grid({8, 16, 32}, {1.25, 1.5, 2}, {1, 2, 3, 4});
    std::atomic<int> overlaps{0};
    std::vector<TrialRunner> runners;
    for (int worker = 0; worker < workers; ++worker) runners.push_back(busy_runner(overlaps));
    LocalTransport transport(runners);
    REQUIRE(transport.workers() == workers);

    TrialQueue queue(trials);
    std::vector<Record> records;
    Dispatcher(queue, transport).run([&](const Record& r) { records.push_back(r); }, [] {});
    CHECK(sorted_ids(records) == sorted_ids(trials));
    for (const Record& record : records) CHECK(same_but_cost(record, fake_record(record.trial)));
    CHECK(overlaps == 0);
  }
}

TEST_CASE("waiting for idle threads ends without news") {
  LocalTransport transport({fake_record, fake_record});
  CHECK_FALSE(transport.wait(1ms));
}

TEST_CASE("a busy thread refuses a second trial") {
  std::atomic<bool> go{false};
  LocalTransport transport({[&](const Trial& trial) {
    while (!go) std::this_thread::sleep_for(1ms);
    return fake_record(trial);
  }});
  const std::vector<Trial> trials = trial_grid({8}, {1.5}, {1, 2});
  transport.assign(0, trials[0]);
  bool refused = false;
  // the thread may take the first before the second comes; it cannot take both
  for (int i = 1; i < 3 && !refused; ++i) try {
      transport.assign(0, trials[i]);
    } catch (const std::logic_error&) {
      refused = true;
    }
  go = true;
  CHECK(refused);
}

TEST_CASE("a record knows its worker's rank and host") {
  Trial trial = trial_grid({8}, {1.5}, {1}).front();
  trial.items = 50;
  const Record record = make_trial_runner(3, 2)(trial);
  CHECK(record.trial == trial);
  CHECK(record.cost.rank == 3);
  CHECK(record.cost.threads == 2);
  CHECK_FALSE(record.cost.host.empty());
}
