#include "seeds_bench.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "folder.hpp"
#include "machine.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/core/thread_team.hpp"
#include "programs.hpp"
#include "seeds_replay.hpp"
#include "seeds_report.hpp"

namespace memscale::bench {

namespace {

using nlohmann::json;

void progress(const std::string& what) {
  std::fprintf(stderr, "memscale-bench: %s\n", what.c_str());
}

/// jobs/fig2-laptop.cfg with 64 seeds, on all cores.
std::string make_store(const Folder& folder) {
  const std::string job = std::string(MEMSCALE_BENCH_SCRIPTS) + "/../../jobs/fig2-laptop.cfg";
  const std::string store = (folder / "fig2.h5").string();
  progress("jobs/fig2-laptop.cfg with 64 seeds, which takes some minutes");
  QuietRun(on_ranks(available_cores(), {program("memscale"), "run", job, "-o", store, "--grid.seed", "1:64"}),
           folder / "fig2.log")
      .finish();
  return store;
}

json to_json(const SeedsRun& run) {
  return {{"trials", run.trials.size()},  {"least_seeds", run.least_seeds},     {"most_seeds", run.most_seeds},
          {"core_hours", run.core_hours}, {"intervals", run.verdict.intervals}, {"missed", run.verdict.missed.size()},
          {"agreeing", run.agreeing}};
}

json replay(const SeedsReplay& results, const SeedsOptions& options, std::int64_t most) {
  json replays = json::array();
  for (const std::string& target : options.targets) {
    const CiTargets targets = parse_ci_targets("target-ci", target);
    results.require(targets, most);
    progress(target);
    const SeedsRun rounds = results.adaptive(targets, options.seeds, most);
    json adaptive = to_json(rounds);
    adaptive["rounds"] = rounds.rounds;
    replays.push_back({{"target", target}, {"rounds", adaptive}, {"uniform", to_json(results.uniform(targets, most))}});
  }
  return replays;
}

}  // namespace

void run_seeds(const SeedsOptions& options) {
  if (!options.from.empty()) {
    std::printf("%s", seeds_report(read_measured(options.from, "seeds", "replays")).c_str());
    return;
  }
  if (!options.json.empty()) write_json(options.json, json::object());  // a place that cannot be written, said at once
  std::optional<Folder> folder;
  if (options.store.empty()) folder.emplace(options.folder);
  const SeedsReplay results(folder ? make_store(*folder) : options.store);
  const std::int64_t most = options.max_seeds > 0 ? std::min(options.max_seeds, results.seeds()) : results.seeds();
  if (options.seeds > most)
    throw invalid("seeds", to_text(options.seeds), "must be at most " + to_text(most) + ", which the store has");
  const json measured{{"cells", results.cells()},
                      {"max_seeds", most},
                      {"first_seeds", options.seeds},
                      {"replays", replay(results, options, most)}};
  std::printf("%s", seeds_report(measured).c_str());
  if (!options.json.empty()) write_json(options.json, {{"measured", measured}});
}

}  // namespace memscale::bench
