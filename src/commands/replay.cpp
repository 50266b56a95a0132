#include "memscale/commands/replay.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "memscale/commands/find_trial.hpp"
#include "memscale/commands/rerun.hpp"
#include "memscale/commands/say.hpp"
#include "memscale/commands/verb_options.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/model_fields.hpp"
#include "memscale/experiment/simulation.hpp"
#include "memscale/experiment/trace_length.hpp"
#include "memscale/linalg/blas_kernel.hpp"
#include "memscale/store/dump.hpp"
#include "memscale/store/result_difference.hpp"
#include "memscale/store/store_view.hpp"
#include "memscale/store/stored_record.hpp"

namespace memscale {

namespace fs = std::filesystem;
namespace po = boost::program_options;

namespace {

Record require_record(const std::vector<OpenStore>& stores, const std::string& id) {
  if (const auto found = find_record(stores, id)) return found->store->view.source.read(found->entry);
  std::size_t trials = 0;
  for (const OpenStore& store : stores) trials += store.view.source.entries.size();
  throw invalid("ID", id, "no such trial among the " + std::to_string(trials) + " of the stores that can be read");
}

void print_result(const Trial& trial, const Result& result) {
  std::printf("%s\n", to_hex(trial_id(trial)).c_str());
  std::string text = canonical_text(trial);
  std::replace(text.begin(), text.end(), ' ', '\n');
  std::printf("%s\n", text.c_str());
  for_each_field(result, [&](const char* name, const auto& value) {
    if (trial.model != ModelKind::orthogonal && is_orthogonal_only<Result>(name)) return;
    if constexpr (NamedEnum<std::remove_cvref_t<decltype(value)>>)
      std::printf("%s=%s\n", name, std::string(name_of(value)).c_str());
    else
      std::printf("%s=%s\n", name, to_text(value).c_str());
  });
}

/// Real numbers in few digits, counts as they are.
std::string brief(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, value == std::floor(value) ? "%.0f" : "%.6g", value);
  return buffer;
}

/// A line for each step, of many steps the first 10 and the last 5, of what there is of each step.
void print_trace(const Trace& trace) {
  constexpr std::size_t first = 10, last = 5;
  std::vector<std::pair<std::string, const std::vector<double>*>> columns;
  for_each_field(trace, [&](const char* name, const std::vector<double>& values) {
    if (is_by_step(name) && !values.empty()) columns.emplace_back(name, &values);
  });
  const std::size_t steps = trace.capacity.size();
  if (steps == 0) return;
  std::printf("%8s", "step");
  for (const auto& [name, values] : columns) std::printf("  %13s", name.c_str());
  std::printf("\n");
  for (std::size_t step = 0; step < steps; ++step) {
    if (steps > first + last && step == first) {
      std::printf("%8s\n", "...");
      step = steps - last;
    }
    std::printf("%8zu", step + 1);
    for (const auto& [name, values] : columns) std::printf("  %13s", brief((*values)[step]).c_str());
    std::printf("\n");
  }
}

/// Says how the outcomes differ, and what that may mean.
void say_differences(const std::vector<FieldDifference>& found, const Cost& stored) {
  constexpr std::size_t most = 5;
  say("NOT the result that is stored, which was computed with " + stored.blas_kernel + " BLAS and " +
      stored.softmax_kernel + " softmax kernels:");
  for (std::size_t i = 0; i < std::min(found.size(), most); ++i) say(difference_text(found[i]));
  if (found.size() > most) say("and " + to_text(std::uint64_t{found.size() - most}) + " numbers more");
  if (may_be_rounding(found)) say("all counts agree, only real numbers differ: kernels of another processor round so");
}

}  // namespace

int replay(const std::vector<std::string>& arguments) {
  po::options_description flags("options");
  flags.add_options()("dump", po::value<std::string>()->value_name("FILE"),
                      "write u, v, p, the last step's q, weights, gradient and update, recovered items, traces and "
                      "recall to this HDF5 file");
  VerbOptions options(replay_verb, flags, {"id", "store"});
  options.parse(arguments);
  if (options.helped(
          "Runs one trial of STORE again and compares its result with the stored one. Without STORE, every "
          "store of the\ncurrent folder is searched. Prints parameters, result and trace (a line a step).\n"))
    return exit_done;
  const std::string id = options.required("id", "ID");
  std::optional<fs::path> dump;
  if (options.has("dump")) dump = options.text("dump");

  std::vector<OpenStore> stores;
  if (options.has("store"))
    stores.push_back({options.text("store"), open_store(options.text("store"))});
  else
    stores = stores_of_this_folder();
  for (const OpenStore& store : stores)
    for (const std::string& note : store.view.notes) say(note);
  const Record stored = require_record(stores, id);
  require_runnable(stored.trial);
  if (dump) check_dump_path(*dump);
  say(blas_description());
  Workspace workspace(available_cores());
  Cost cost;
  const Simulation run = simulate(stored.trial, workspace, cost);
  print_result(stored.trial, run.result);
  print_trace(run.trace);
  if (dump) {
    write_dump(*dump, stored.trial, run);
    say("wrote " + dump->string());
  }
  if (stored.result.status == TrialStatus::failed) return exit_done;
  Record now = stored;
  now.result = run.result;
  now.trace = run.trace;
  now.recall = run.recall;
  if (same_outcome(stored, now)) {
    say("the same result as stored");
    return exit_done;
  }
  say_differences(differences(stored, now), stored.cost);
  return exit_failures;
}

}  // namespace memscale
