#include "memscale/schedule/dispatcher.hpp"

#include <functional>
#include <map>
#include <set>
#include <stdexcept>

#include "catch.hpp"
#include "sample_trials.hpp"

using namespace memscale;

namespace {

/// Ranks that finish in random order and report some of their trials early; some waits end without news. Fails where a
/// busy rank is assigned trials.
class FakeTransport final : public Transport {
 public:
  FakeTransport(int ranks, unsigned seed) : ranks_(ranks), random_(seed) {}

  int ranks() const override { return ranks_; }
  void start_run(const RunSettings&) override {}

  void assign(const Assignment& assignment) override {
    REQUIRE_FALSE(assignment.trials.empty());
    for (int rank : assignment.ranks) {
      REQUIRE(rank >= 0);
      REQUIRE(rank < ranks_);
      const bool leads = rank == assignment.ranks.front();
      REQUIRE(at_work_.emplace(rank, leads ? assignment.trials : std::vector<Trial>()).second);
    }
    assigned += assignment.trials.size();
  }

  void interrupt() override { interrupted = true; }

  std::optional<Report> wait(std::chrono::milliseconds) override {
    REQUIRE_FALSE(at_work_.empty());
    if (random_() % 3 == 0) return std::nullopt;
    auto it = std::next(at_work_.begin(), static_cast<std::ptrdiff_t>(random_() % at_work_.size()));
    auto& [rank, trials] = *it;
    Report report{.rank = rank, .records = {}, .returned = {}, .idle = trials.size() < 2 || random_() % 2 == 0};
    const std::size_t count = report.idle ? trials.size() : trials.size() / 2;
    for (std::size_t i = 0; i < count; ++i) {
      if (interrupted)
        report.returned.push_back(trials[i]);
      else
        report.records.push_back(fake_record(trials[i]));
    }
    trials.erase(trials.begin(), trials.begin() + static_cast<std::ptrdiff_t>(count));
    if (report.idle) at_work_.erase(it);
    return report;
  }

  std::size_t at_work() const { return at_work_.size(); }
  std::size_t assigned = 0;
  bool interrupted = false;

 private:
  int ranks_;
  std::mt19937 random_;
  std::map<int, std::vector<Trial>> at_work_;
};

/// Keeps what comes; does at each event what the test wants.
class Keeper final : public RunObserver {
 public:
  void on_assigned(const Assignment& assignment) override {
    for (int rank : assignment.ranks) REQUIRE(busy.insert(rank).second);
  }
  void on_records(int, std::vector<Record> some) override {
    for (Record& record : some) {
      records.push_back(std::move(record));
      if (at_record) at_record(records.back());
    }
  }
  void on_idle(std::span<const int> ranks) override {
    for (int rank : ranks) REQUIRE(busy.erase(rank) == 1);
  }
  void on_turn() override {
    ++turns;
    if (at_turn) at_turn();
  }

  std::vector<Record> records;
  std::set<int> busy;
  std::size_t turns = 0;
  std::function<void(const Record&)> at_record;
  std::function<void()> at_turn;
};

SchedulerOptions on_ranks(int ranks, int ranks_per_trial = 1) {
  return {.ranks = ranks, .ranks_per_trial = ranks_per_trial, .batch_seconds = 0.25};
}

}  // namespace

TEST_CASE("each trial's record arrives once") {
  for (unsigned seed = 0; seed < 60; ++seed) {
    const std::vector<Trial> trials = random_trials(seed);
    const int ranks = 1 + static_cast<int>(seed % 7);
    Scheduler scheduler(trials, on_ranks(ranks, static_cast<int>(seed % 4)));  // 0: auto
    FakeTransport transport(ranks, seed);
    Keeper keeper;
    Dispatcher(scheduler, transport, keeper).run();
    CHECK(sorted_ids(keeper.records) == sorted_ids(trials));
    CHECK(transport.at_work() == 0);
    CHECK(keeper.busy.empty());
    CHECK(keeper.turns > 0);
    for (const Record& record : keeper.records) CHECK(same_but_cost(record, fake_record(record.trial)));
  }
}

TEST_CASE("ranks that no trial is left for are not asked to wait") {
  Scheduler scheduler(trial_grid({8}, {1.5}, {1}), on_ranks(7));
  FakeTransport transport(7, 1);
  Keeper keeper;
  Dispatcher(scheduler, transport, keeper).run();
  CHECK(keeper.records.size() == 2);
}

TEST_CASE("without trials a run ends at once") {
  Scheduler scheduler({}, on_ranks(3));
  FakeTransport transport(3, 1);
  Keeper keeper;
  Dispatcher(scheduler, transport, keeper).run();
  CHECK(transport.assigned == 0);
  CHECK(keeper.turns == 1);
}

TEST_CASE("a drained run hands out no more, and keeps what was at work") {
  const std::vector<Trial> trials = trial_grid({8, 16}, {1.5, 2}, {1, 2, 3});
  Scheduler scheduler(trials, on_ranks(3));
  FakeTransport transport(3, 1);
  Keeper keeper;
  Dispatcher dispatcher(scheduler, transport, keeper);
  std::size_t assigned_at_stop = 0;
  keeper.at_record = [&](const Record&) {
    if (keeper.records.size() != 5) return;
    dispatcher.stop_issuing();
    assigned_at_stop = transport.assigned;
  };
  dispatcher.run();
  CHECK_FALSE(dispatcher.issuing());
  CHECK(transport.assigned == assigned_at_stop);
  CHECK(keeper.records.size() == transport.assigned);
  CHECK(scheduler.remaining() == trials.size() - keeper.records.size());
}

TEST_CASE("an interrupted run takes back what was not run") {
  const std::vector<Trial> trials = trial_grid({8, 16}, {1.5, 2}, {1, 2, 3});
  Scheduler scheduler(trials, on_ranks(3));
  FakeTransport transport(3, 1);
  Keeper keeper;
  Dispatcher dispatcher(scheduler, transport, keeper);
  keeper.at_record = [&](const Record&) {
    if (keeper.records.size() == 5) dispatcher.interrupt();
  };
  dispatcher.run();
  CHECK(transport.interrupted);
  CHECK(keeper.busy.empty());
  CHECK(keeper.records.size() < trials.size());
  CHECK(scheduler.remaining() == trials.size() - keeper.records.size());
}

TEST_CASE("a run that is told to stop before it begins hands out nothing") {
  Scheduler scheduler(trial_grid({8}, {1.5}, {1, 2}), on_ranks(2));
  FakeTransport transport(2, 1);
  Keeper keeper;
  Dispatcher dispatcher(scheduler, transport, keeper);
  keeper.at_turn = [&] { dispatcher.stop_issuing(); };
  dispatcher.run();
  CHECK(transport.assigned == 0);
  CHECK(scheduler.remaining() == 4);
}

TEST_CASE("a trial that is put back during the run is run again, also as the last") {
  const std::vector<Trial> trials = trial_grid({8}, {1.5}, {1, 2, 3});
  Scheduler scheduler(trials, on_ranks(2));
  FakeTransport transport(2, 4);
  Keeper keeper;
  keeper.at_record = [&](const Record& record) {
    if (keeper.records.size() == trials.size()) scheduler.put_last(record.trial, false);
  };
  Dispatcher(scheduler, transport, keeper).run();
  CHECK(keeper.records.size() == trials.size() + 1);
  CHECK(scheduler.remaining() == 0);
}

TEST_CASE("with no time left nothing is handed out") {
  Scheduler scheduler(trial_grid({8}, {1.5}, {1, 2}), on_ranks(2));
  FakeTransport transport(2, 1);
  Keeper keeper;
  Dispatcher dispatcher(scheduler, transport, keeper);
  dispatcher.set_time_left([] { return -1.0; });
  dispatcher.run();
  CHECK(transport.assigned == 0);
}

TEST_CASE("what an observer throws ends the run") {
  Scheduler scheduler(trial_grid({8}, {1.5}, {1, 2}), on_ranks(2));
  FakeTransport transport(2, 1);
  Keeper keeper;
  keeper.at_record = [](const Record&) { throw std::runtime_error("disk"); };
  CHECK_THROWS_AS(Dispatcher(scheduler, transport, keeper).run(), std::runtime_error);
}
