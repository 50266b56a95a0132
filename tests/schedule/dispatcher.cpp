#include "memscale/schedule/dispatcher.hpp"

#include <map>
#include <stdexcept>

#include "catch.hpp"
#include "sample_trials.hpp"

using namespace memscale;

namespace {

/// Workers that finish in random order; some waits end without news. Fails where a busy worker is assigned a trial.
class FakeTransport final : public Transport {
 public:
  FakeTransport(int workers, unsigned seed) : workers_(workers), random_(seed) {}

  int workers() const override { return workers_; }

  void assign(int worker, const Trial& trial) override {
    REQUIRE(worker >= 0);
    REQUIRE(worker < workers_);
    REQUIRE(at_work_.emplace(worker, trial).second);
    ++assigned;
  }

  std::optional<Finished> wait(std::chrono::milliseconds) override {
    REQUIRE_FALSE(at_work_.empty());
    if (random_() % 3 == 0) return std::nullopt;
    auto it = std::next(at_work_.begin(), static_cast<std::ptrdiff_t>(random_() % at_work_.size()));
    const Finished finished{it->first, fake_record(it->second)};
    at_work_.erase(it);
    return finished;
  }

  std::size_t at_work() const { return at_work_.size(); }
  std::size_t assigned = 0;

 private:
  int workers_;
  std::mt19937 random_;
  std::map<int, Trial> at_work_;
};

}  // namespace

TEST_CASE("each trial's record arrives once") {
  for (unsigned seed = 0; seed < 30; ++seed) {
    const std::vector<Trial> trials = random_trials(seed);
    TrialQueue queue(trials);
    FakeTransport transport(1 + static_cast<int>(seed % 5), seed);
    std::vector<Record> records;
    std::size_t turns = 0;
    Dispatcher(queue, transport).run([&](const Record& r) { records.push_back(r); }, [&] { ++turns; });
    CHECK(sorted_ids(records) == sorted_ids(trials));
    CHECK(transport.at_work() == 0);
    CHECK(turns >= records.size());
    for (const Record& record : records) CHECK(same_but_cost(record, fake_record(record.trial)));
  }
}

TEST_CASE("workers that no trial is left for are not asked to wait") {
  TrialQueue queue(trial_grid({8}, {1.5}, {1}));
  FakeTransport transport(7, 1);
  std::size_t records = 0;
  Dispatcher(queue, transport).run([&](const Record&) { ++records; }, [] {});
  CHECK(records == 2);
}

TEST_CASE("without trials a run ends at once") {
  TrialQueue queue({});
  FakeTransport transport(3, 1);
  Dispatcher(queue, transport).run([](const Record&) { FAIL(); }, [] {});
  CHECK(transport.assigned == 0);
}

TEST_CASE("a drained run hands out no more, and keeps what was at work") {
  const std::vector<Trial> trials = trial_grid({8, 16}, {1.5, 2}, {1, 2, 3});
  TrialQueue queue(trials);
  FakeTransport transport(3, 1);
  Dispatcher dispatcher(queue, transport);
  std::size_t records = 0, assigned_at_stop = 0;
  dispatcher.run(
      [&](const Record&) {
        if (++records != 5) return;
        dispatcher.stop_issuing();
        assigned_at_stop = transport.assigned;
      },
      [] {});
  CHECK_FALSE(dispatcher.issuing());
  CHECK(transport.assigned == assigned_at_stop);
  CHECK(records == transport.assigned);
  CHECK(queue.remaining() == trials.size() - records);
}

TEST_CASE("a run that is told to stop before it begins hands out nothing") {
  TrialQueue queue(trial_grid({8}, {1.5}, {1, 2}));
  FakeTransport transport(2, 1);
  Dispatcher dispatcher(queue, transport);
  dispatcher.run([](const Record&) { FAIL(); }, [&] { dispatcher.stop_issuing(); });
  CHECK(transport.assigned == 0);
  CHECK(queue.remaining() == 4);
}

TEST_CASE("what a callback throws ends the run") {
  TrialQueue queue(trial_grid({8}, {1.5}, {1, 2}));
  FakeTransport transport(2, 1);
  Dispatcher dispatcher(queue, transport);
  const auto fail = [](const Record&) { throw std::runtime_error("disk"); };
  CHECK_THROWS_AS(dispatcher.run(fail, [] {}), std::runtime_error);
}
