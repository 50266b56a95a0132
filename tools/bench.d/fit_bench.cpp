#include "fit_bench.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "fit_report.hpp"
#include "fit_shape.hpp"
#include "folder.hpp"
#include "machine.hpp"
#include "memscale/core/thread_team.hpp"
#include "programs.hpp"
#include "rivals.hpp"

namespace memscale::bench {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

void progress(const std::string& what) {
  std::fprintf(stderr, "memscale-bench: %s\n", what.c_str());
}

json phase(const json& request) {
  return reply_of({"/proc/self/exe", "--fit-phase", request.dump()});
}

/// Keeps of two runs the faster.
void keep_best(json& best, const json& row) {
  if (best.is_null() || row.at("seconds") < best.at("seconds")) best = row;
}

json measure_shape(const FitShape& shape, const FitBenchOptions& options, const Folder& folder, bool has_pandas) {
  progress(shape.name + ": a store");
  const std::string store = (folder / (shape.key + ".h5")).string(), fit = (folder / (shape.key + ".fit")).string();
  const std::string job = (folder / (shape.key + ".cfg")).string(), log = (folder / "log").string();
  write_text(job, shape.job_text);
  json row = phase({{"job", job}, {"store", store}, {"steps", shape.steps}});
  row.update({{"key", shape.key}, {"name", shape.name}, {"cells", shape.cells}, {"steps", shape.steps}});
  row["bytes"] = static_cast<double>(fs::file_size(store));
  json own, rival;
  for (std::int64_t round = 1; round <= options.rounds; ++round) {
    progress(shape.name + ", round " + std::to_string(round));
    keep_best(own, phase({{"command", {program("memscale-fit"), store, "-o", fit, "--no-figures"}}, {"log", log}}));
    if (!has_pandas) continue;
    const std::string found = (folder / "found.json").string();
    json once = phase(
        {{"command",
          {options.python, std::string(MEMSCALE_BENCH_SCRIPTS) + "/pandas_fit.py", store, fit + "/fits.csv", found}},
         {"log", log}});
    once.update(json::parse(std::ifstream(found)));
    keep_best(rival, once);
  }
  row["fit"] = own;
  if (has_pandas) row["pandas"] = rival;
  fs::remove_all(store);
  fs::remove_all(fit);
  return row;
}

}  // namespace

void run_fit(const FitBenchOptions& options) {
  if (!options.from.empty()) {
    std::printf("%s", fit_report(read_measured(options.from, "fit", "shapes")).c_str());
    return;
  }
  if (!options.json.empty()) write_json(options.json, json::object());  // a place that cannot be written, said at once
  const double load = machine_load();
  const bool has_pandas =
      !options.python.empty() && has_module(options.python, "pandas") && has_module(options.python, "h5py");
  const std::string pandas = has_pandas ? "pandas: " + options.python : "pandas: left out";
  std::printf("memscale %s on %s, %d cores\n%s\n", MEMSCALE_VERSION, cpu_name().c_str(), available_cores(),
              pandas.c_str());
  std::fflush(stdout);
  json measured{{"records", options.records}, {"load", load}, {"cores", available_cores()}};
  measured["shapes"] = json::array();
  const Folder folder(options.folder);
  for (const FitShape& shape : fit_shapes(options.records))
    measured["shapes"].push_back(measure_shape(shape, options, folder, has_pandas));
  std::printf("%s", fit_report(measured).c_str());
  if (!options.json.empty())
    write_json(options.json, {{"machine", {{"cpu", cpu_name()}, {"rivals", {pandas}}}},
                              {"measured", measured},
                              {"rows", to_json(fit_rows(measured))}});
}

}  // namespace memscale::bench
