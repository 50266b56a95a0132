#include "memscale/parallel/mpi_transport.hpp"

#include <algorithm>
#include <set>
#include <thread>

#include "catch.hpp"
#include "memscale/parallel/remote_worker.hpp"
#include "memscale/schedule/dispatcher.hpp"
#include "record_keeper.hpp"
#include "sample_trials.hpp"

using namespace memscale;
using namespace std::chrono_literals;

namespace {

/// Up to 2 ms a trial, and who ran it.
TrialRunner slow_runner(int rank) {
  return [rank](const Trial& trial, const TrialCall& call) {
    std::this_thread::sleep_for(std::chrono::microseconds(trial_id(trial) % 2000));
    Record record = fake_record(trial);
    record.cost.rank = rank;
    if (call.group) {
      record.cost.threads = call.group->size();
      call.group->finish("");
    }
    return std::optional(record);
  };
}

/// Collective. Runs the trials on all ranks and ends with `exit_status`, which every rank must then hold. The records,
/// in order of arrival, on rank 0; none on the others.
std::vector<Record> run_on_all_ranks(const std::vector<Trial>& trials, int exit_status, int ranks_per_trial = 1) {
  const Communicator world = Communicator::world(), groups = Communicator::world();
  if (world.rank() > 0) {
    CHECK(serve_trials(world, groups, slow_runner(world.rank())) == exit_status);
    return {};
  }
  MpiTransport transport(world, groups, slow_runner(0));
  REQUIRE(transport.ranks() == world.size());
  transport.start_run({});
  Scheduler scheduler(trials, {.ranks = world.size(), .ranks_per_trial = ranks_per_trial, .batch_seconds = 0.25});
  RecordKeeper keeper;
  Dispatcher(scheduler, transport, keeper).run();
  CHECK(transport.dead_ranks().empty());
  transport.end_run(exit_status);
  return keeper.records;
}

/// The part of a record that must not depend on where it was made.
void check_as_made_here(const std::vector<Record>& records) {
  for (const Record& record : records) CHECK(same_but_cost(record, fake_record(record.trial)));
}

bool leads() {
  return Communicator::world().rank() == 0;
}

}  // namespace

TEST_CASE("200 trials give each record once, the same on any number of ranks") {
  const auto trials = trial_grid({8, 16, 32, 64}, {1.25, 1.5, 2, 2.5, 3}, {1, 2, 3, 4, 5});
  REQUIRE(trials.size() == 200);
  const auto records = run_on_all_ranks(trials, 0);
  if (!leads()) return;
  CHECK(sorted_ids(records) == sorted_ids(trials));
  check_as_made_here(records);
  const auto failed = std::count_if(records.begin(), records.end(),
                                    [](const Record& r) { return r.result.status == TrialStatus::failed; });
  CHECK(failed > 0);  // failing trials come back like others
}

TEST_CASE("every rank computes, the leading one too") {
  const auto records = run_on_all_ranks(trial_grid({8, 16, 32, 64}, {1.25, 1.5, 2, 2.5, 3}, {1, 2, 3, 4, 5}), 1);
  const int size = Communicator::world().size();
  if (!leads()) return;
  std::set<std::int64_t> ranks;
  for (const Record& record : records) ranks.insert(record.cost.rank);
  CHECK(static_cast<int>(ranks.size()) == size);
}

TEST_CASE("a run without trials ends, with the status of the leader everywhere") {
  CHECK(run_on_all_ranks({}, 2).empty());
}

TEST_CASE("ranks may outnumber trials") {
  const auto trials = trial_grid({8}, {1.5}, {1});
  const auto records = run_on_all_ranks(trials, 0);
  if (leads()) CHECK(sorted_ids(records) == sorted_ids(trials));
}

TEST_CASE("one run follows another") {
  for (int repeat = 0; repeat < 5; ++repeat) {
    const auto trials = random_trials(static_cast<unsigned>(repeat));
    const auto records = run_on_all_ranks(trials, repeat);
    if (leads()) CHECK(sorted_ids(records) == sorted_ids(trials));
  }
}

TEST_CASE("ranks that share trials send each record once, whatever their number") {
  const auto trials = trial_grid({8, 16, 32}, {1.25, 1.5}, {1, 2, 3});
  const int size = Communicator::world().size();
  for (int ranks_per_trial : {0, 2, 3, 4}) {
    const auto records = run_on_all_ranks(trials, 0, ranks_per_trial);
    if (!leads()) continue;
    CHECK(sorted_ids(records) == sorted_ids(trials));
    check_as_made_here(records);
    const auto shared =
        std::count_if(records.begin(), records.end(), [](const Record& r) { return r.cost.threads > 1; });
    if (ranks_per_trial >= 2 && size >= 2) CHECK(shared > 0);
  }
}

TEST_CASE("a run can end while trials are out") {
  const Communicator world = Communicator::world(), groups = Communicator::world();
  if (world.rank() > 0) {
    CHECK(serve_trials(world, groups, slow_runner(world.rank())) == 75);
    return;
  }
  MpiTransport transport(world, groups, slow_runner(0));
  transport.start_run({});
  const auto trials = trial_grid({8}, {1.5}, {1, 2, 3, 4, 5});
  for (int rank = 0; rank < world.size(); ++rank)
    transport.assign({{trials.at(static_cast<std::size_t>(rank))}, {rank}});
  transport.end_run(75);
}

TEST_CASE("interrupted ranks return what they have not run") {
  const Communicator world = Communicator::world(), groups = Communicator::world();
  const auto trials = trial_grid({8, 16, 32, 64}, {1.25, 1.5, 2, 2.5, 3}, {1, 2, 3, 4, 5});
  if (world.rank() > 0) {
    CHECK(serve_trials(world, groups, slow_runner(world.rank())) == 0);
    return;
  }
  MpiTransport transport(world, groups, slow_runner(0));
  transport.start_run({});
  for (int rank = 0; rank < world.size(); ++rank) transport.assign({trials, {rank}});  // 0.2 s each
  std::this_thread::sleep_for(20ms);
  transport.interrupt();
  std::size_t seen = 0, returned = 0;
  for (int idle = 0; idle < world.size();) {
    const auto report = transport.wait(1s);
    if (!report) continue;
    seen += report->records.size() + report->returned.size();
    returned += report->returned.size();
    idle += report->idle;
  }
  CHECK(seen == trials.size() * static_cast<std::size_t>(world.size()));
  CHECK(returned > 0);
  transport.end_run(0);
}
