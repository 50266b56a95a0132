#include "runner_phase.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <vector>

#include "machine.hpp"
#include "memscale/core/launcher.hpp"
#include "memscale/experiment/trace_length.hpp"
#include "memscale/linalg/blas_kernel.hpp"
#include "memscale/parallel/environment.hpp"
#include "memscale/parallel/mpi_transport.hpp"
#include "memscale/parallel/remote_worker.hpp"
#include "memscale/schedule/dispatcher.hpp"
#include "memscale/schedule/local_transport.hpp"
#include "samples.hpp"
#include "store_run.hpp"

namespace memscale::bench {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// Trials of a step that is done at once: what is left is the runner's own cost.
TrialRunner empty_runner(int rank) {
  return [rank, kernel = blas_kernel()](const Trial& trial, const TrialCall&) {
    Record record{.trial = trial, .result = {}, .trace = {}, .recall = {}, .cost = {}, .message = {}};
    record.result.steps_done = 1;
    for_each_field(record.trace, [&](const char* name, std::vector<double>& values) {
      values.assign(trace_length(name, trial, 1), 0.0);
    });
    record.cost.started = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    record.cost.seconds = 1e-7;
    record.cost.threads = 1;
    record.cost.rank = rank;
    record.cost.host = "localhost";
    record.cost.blas_kernel = kernel;
    return record;
  };
}

/// Keeps each record in the journal, as memscale run does.
class Keeper final : public RunObserver {
 public:
  explicit Keeper(ResultStore& store) : store_(store) {}

  void on_assigned(const Assignment&) override { ++assignments_; }
  void on_records(int rank, std::vector<Record> records) override {
    store_.append(records);
    kept_ += records.size();
    if (rank == 0) by_leader_ += records.size();
  }
  void on_idle(std::span<const int>) override {}
  void on_turn() override { store_.sync_if_due(); }

  std::size_t assignments() const { return assignments_; }
  std::size_t kept() const { return kept_; }
  std::size_t by_leader() const { return by_leader_; }

 private:
  ResultStore& store_;
  std::size_t assignments_ = 0, kept_ = 0, by_leader_ = 0;
};

/// Hands out all trials of the job, until the last record is synced.
json dispatch(const json& request, Transport& transport) {
  StoreRun run(request.at("job").get<std::string>(), request.at("store").get<std::string>(), transport.ranks());
  Keeper keeper(*run.store);
  Dispatcher dispatcher(*run.scheduler, transport, keeper);
  transport.start_run({});
  const double cpu = cpu_seconds(), master = cpu_seconds_of_thread();
  const double seconds = seconds_of([&] {
    dispatcher.run();
    run.store->sync();
  });
  json row{{"cpu_seconds", cpu_seconds() - cpu}, {"master_seconds", cpu_seconds_of_thread() - master}};
  if (keeper.kept() != run.trials || run.store->synced() != run.trials) throw std::runtime_error("results are missing");
  double bytes = 0;
  for (const auto& entry : fs::directory_iterator(request.at("store").get<std::string>() + ".journal"))
    bytes += static_cast<double>(entry.file_size());
  row.update({{"trials", run.trials},
              {"seconds", seconds},
              {"ranks", transport.ranks()},
              {"assignments", keeper.assignments()},
              {"leader_share", static_cast<double>(keeper.by_leader()) / static_cast<double>(run.trials)},
              {"bytes", bytes}});
  return row;
}

void print(const json& row) {
  std::printf("%s\n", row.dump().c_str());
  std::fflush(stdout);
}

}  // namespace

void take_runner_phase(const std::string& text) {
  const json request = json::parse(text);
  const auto take = [&](Transport& transport) { print(dispatch(request, transport)); };
  if (!launched_by_mpi()) {
    LocalTransport transport({empty_runner(0)});
    return take(transport);
  }
  const MpiEnvironment mpi;
  const Communicator world = Communicator::world(), groups = Communicator::world();
  try {
    if (world.rank() > 0) {
      serve_trials(world, groups, empty_runner(world.rank()));
      return;
    }
    MpiTransport transport(world, groups, empty_runner(0));
    take(transport);
    transport.end_run(0);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "memscale-bench: %s\n", error.what());
    world.abort(1);
  }
}

}  // namespace memscale::bench
