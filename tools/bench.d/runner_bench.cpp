#include "runner_bench.hpp"

#include <cstdio>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include "folder.hpp"
#include "machine.hpp"
#include "memscale/core/thread_team.hpp"
#include "programs.hpp"
#include "rivals.hpp"
#include "runner_grid.hpp"
#include "runner_report.hpp"
#include "samples.hpp"

namespace memscale::bench {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

void progress(const std::string& what) {
  std::fprintf(stderr, "memscale-bench: %s\n", what.c_str());
}

/// Tiny trials, so that nothing expects them to take time: 10 x 5 x 2 = runner_trials_a_seed a seed.
std::string tiny_job(std::int64_t trials) {
  return "[grid]\nd = 2:1:11\nalpha = 1.25, 1.5, 1.75, 2, 2.5\noptimizer = gd, muon\nseed = 1:" +
         std::to_string(trials / runner_trials_a_seed) + "\n[problem]\nitems = 100\n";
}

/// All empty trials, to a fresh store, on so many ranks (0: without mpirun).
json run_empty(const Folder& folder, int ranks) {
  const std::string store = (folder / "empty.h5").string();
  const json request{{"job", (folder / "tiny.cfg").string()}, {"store", store}};
  const Command command{program("memscale-bench"), "--runner-phase", request.dump()};
  try {
    json row = reply_of(ranks == 0 ? command : on_ranks(ranks, command));
    fs::remove_all(store + ".journal");
    return row;
  } catch (const std::exception& error) {
    throw std::runtime_error(std::string("empty trials: ") + error.what());
  }
}

/// Seconds of memscale run on two ranks for the same trials, which it runs.
double run_tiny(const Folder& folder) {
  const fs::path store = folder / "tiny.h5";
  const double seconds = seconds_of([&] {
    QuietRun(on_ranks(2, {program("memscale"), "run", (folder / "tiny.cfg").string(), "-o", store.string()}),
             folder / "tiny.log")
        .finish();
  });
  fs::remove(store);
  return seconds;
}

/// Seconds of so many processes of one trial each, so many at once.
double run_processes(const Folder& folder, std::int64_t count, int at_once) {
  const std::string script =
      "seq \"$1\" | xargs -P \"$2\" -I{} \"$3\" run \"$4/one.cfg\" -o \"$4/one-{}.h5\" --grid.seed {}";
  const double seconds = seconds_of([&] {
    QuietRun(
        {"sh", "-c", script, "sh", std::to_string(count), std::to_string(at_once), program("memscale"), folder.path()},
        folder / "one.log")
        .finish();
  });
  for (std::int64_t i = 1; i <= count; ++i) fs::remove(folder / ("one-" + std::to_string(i) + ".h5"));
  return seconds;
}

/// mpi4py.futures where `python` has it; left out for good once it fails.
class Mpi4py {
 public:
  explicit Mpi4py(std::string python) : python_(std::move(python)) {
    const std::string label = "mpi4py.futures: ";
    try {
      if (python_.empty())
        described_ = label + "left out, as asked";
      else if (!has_module(python_, "mpi4py.futures"))
        described_ = label + "mpi4py is not installed for " + python_ + ", left out";
      else
        described_ = label + run(2, 20).at("version").get<std::string>(), there_ = true;
    } catch (const std::exception& error) {
      described_ = label + "cannot run (" + error.what() + "), left out";
    }
  }
  const std::string& described() const { return described_; }

  /// Adds what it took on two and on three ranks to `rows`.
  void measure(std::int64_t tasks, json& rows) {
    if (!there_) return;
    try {
      for (const int ranks : {2, 3}) {
        json reply = run(ranks, tasks);
        for (json& row : reply.at("rows")) {
          row["ranks"] = ranks;
          rows.push_back(row);
        }
      }
    } catch (const std::exception& error) {
      there_ = false;
      progress(std::string("mpi4py.futures left out from here on (") + error.what() + ")");
    }
  }

 private:
  json run(int ranks, std::int64_t tasks) const {
    return reply_of(
        on_ranks(ranks, {python_, "-B", "-m", "mpi4py.futures",
                         std::string(MEMSCALE_BENCH_SCRIPTS) + "/mpi4py_futures.py", std::to_string(tasks)}));
  }

  std::string python_, described_;
  bool there_ = false;
};

json measure(const RunnerOptions& options, Mpi4py& mpi4py) {
  const Folder folder(options.folder);
  write_text(folder / "tiny.cfg", tiny_job(options.trials));
  write_text(folder / "one.cfg", "[grid]\nd = 2\nalpha = 1.5\noptimizer = gd\nseed = 1\n[problem]\nitems = 100\n");
  json measured{{"trials", options.trials}, {"processes", options.processes}};
  for (const char* key : {"two", "serial", "tiny", "mpi4py", "alone", "at_once"}) measured[key] = json::array();
  for (std::int64_t round = 1; round <= options.rounds; ++round) {
    progress("empty trials, round " + std::to_string(round));
    measured["two"].push_back(run_empty(folder, 2));
    mpi4py.measure(options.rival_tasks, measured["mpi4py"]);
    measured["serial"].push_back(run_empty(folder, 0));
    measured["tiny"].push_back(run_tiny(folder));
    measured["alone"].push_back(run_processes(folder, options.processes, 1));
    measured["at_once"].push_back(run_processes(folder, options.processes, 2));
  }
  measured["grid"] = measure_grid(folder, options.grid_seconds, options.rounds);
  return measured;
}

}  // namespace

void run_runner(const RunnerOptions& options) {
  if (!options.from.empty()) {
    std::printf("%s", runner_report(read_measured(options.from, "runner", "grid")).c_str());
    return;
  }
  if (!options.json.empty()) write_json(options.json, json::object());  // a place that cannot be written, said at once
  const double load = machine_load();
  Mpi4py mpi4py(options.python);
  const json machine{{"cpu", cpu_name() + ", " + std::to_string(available_cores()) + " cores"},
                     {"rivals", {mpi4py.described()}}};
  std::printf("memscale %s on %s\n%s\n", MEMSCALE_VERSION, machine["cpu"].get<std::string>().c_str(),
              mpi4py.described().c_str());
  std::fflush(stdout);
  json measured = measure(options, mpi4py);
  measured["load"] = load;
  measured["cores"] = available_cores();
  std::printf("%s", runner_report(measured).c_str());
  if (!options.json.empty())
    write_json(options.json, {{"machine", machine}, {"measured", measured}, {"rows", to_json(runner_rows(measured))}});
}

}  // namespace memscale::bench
