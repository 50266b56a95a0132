#include "schedule_bench.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "folder.hpp"
#include "machine.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/thread_team.hpp"
#include "memscale/experiment/job_file.hpp"
#include "programs.hpp"
#include "record_maker.hpp"
#include "schedule_report.hpp"
#include "schedule_simulation.hpp"
#include "store_options.hpp"

namespace memscale::bench {

namespace {

using nlohmann::json;

void progress(const std::string& what) {
  std::fprintf(stderr, "memscale-bench: %s\n", what.c_str());
}

/// The trials of jobs/fig2.cfg with further flags.
std::vector<Trial> fig2(std::vector<std::string> flags, const std::vector<std::string>& more) {
  flags.insert(flags.end(), more.begin(), more.end());
  return read_job(std::string(MEMSCALE_BENCH_SCRIPTS) + "/../../jobs/fig2.cfg", flags).trials;
}

/// As few seeds of jobs/fig2.cfg as have that many trials.
std::vector<Trial> at_least(std::int64_t trials, const ScheduleOptions& options) {
  const auto each = static_cast<std::int64_t>(fig2(options.job_flags, {"--grid.seed", "1"}).size());
  return fig2(options.job_flags, {"--grid.seed", "1:" + std::to_string((trials + each - 1) / each)});
}

/// Of some of the trials of jobs/fig2.cfg, run here, or as an earlier benchmark has found them.
MeasuredCosts measure_trials(const ScheduleOptions& options) {
  if (!options.costs.empty()) try {
      return MeasuredCosts(read_measured(options.costs, "schedule", "pareto").at("costs"));
    } catch (const json::exception&) {
      throw invalid("costs", options.costs, "must be what this memscale-bench schedule --json writes");
    }
  std::vector<Trial> some = fig2(options.job_flags, {"--grid.seed", "1:3", "--grid.alpha", "1.5, 2.5"});
  std::reverse(some.begin(), some.end());  // the longest first, as in a run
  progress(std::to_string(some.size()) + " real trials");
  return MeasuredCosts(some);
}

MessageCosts measure_messages(const ScheduleOptions& options) {
  progress("messages and the journal");
  MessageCosts costs = message_costs(reply_of(on_ranks(2, {program("memscale-bench"), "--message-phase"})));
  // Records of one step, as those of jobs/fig2.cfg are.
  const Folder folder(options.folder);
  const std::int64_t records = options.trials / trials_a_seed * trials_a_seed;
  write_text(folder / "job.cfg", job_text(records, 1));
  const json request{{"phase", "journal"},
                     {"job", (folder / "job.cfg").string()},
                     {"store", (folder / "store.h5").string()},
                     {"steps", 1},
                     {"trials_a_seed", trials_a_seed}};
  const json row = reply_of({program("memscale-bench"), "--store-phase", request.dump()});
  costs.keep_record = (row.at("seconds").get<double>() - row.at("making_seconds").get<double>()) / records;
  return costs;
}

json simulate(const std::vector<Trial>& trials, const ScheduleOptions& options, const TrueCosts& costs,
              const MessageCosts& messages) {
  json rows = json::array();
  for (const int ranks : options.ranks) {
    progress(std::to_string(trials.size()) + " trials on " + std::to_string(ranks) + " ranks");
    rows.push_back(simulate_run(trials, ranks, options.batch_seconds, costs, messages));
  }
  return rows;
}

json measure(const ScheduleOptions& options) {
  const MeasuredCosts real = measure_trials(options);
  const MessageCosts messages = measure_messages(options);
  const double deviation = options.spread > 0 ? options.spread : real.deviation();
  json measured{{"costs", real.to_json()}, {"deviation", deviation}, {"messages", to_json(messages)}};
  const TrueCosts lognormal(real, Spread::lognormal, deviation), pareto(real, Spread::pareto, deviation);
  const std::vector<Trial> all = at_least(options.trials, options), tenth = at_least(options.trials / 10, options);
  measured["fig2"] = simulate(all, options, lognormal, messages);
  measured["tenth"] = simulate(tenth, options, lognormal, messages);
  measured["pareto"] = simulate(all, options, pareto, messages);
  return measured;
}

}  // namespace

void run_schedule(const ScheduleOptions& options) {
  if (!options.from.empty()) {
    std::printf("%s", schedule_report(read_measured(options.from, "schedule", "pareto")).c_str());
    return;
  }
  if (!options.json.empty()) write_json(options.json, json::object());  // a place that cannot be written, said at once
  const double load = machine_load();
  const json machine{{"cpu", cpu_name() + ", " + std::to_string(available_cores()) + " cores"}};
  std::printf("memscale %s on %s\n", MEMSCALE_VERSION, machine["cpu"].get<std::string>().c_str());
  std::fflush(stdout);
  json measured = measure(options);
  measured["load"] = load;
  measured["cores"] = available_cores();
  std::printf("%s", schedule_report(measured).c_str());
  if (!options.json.empty())
    write_json(options.json,
               {{"machine", machine}, {"measured", measured}, {"rows", to_json(schedule_rows(measured))}});
}

}  // namespace memscale::bench
