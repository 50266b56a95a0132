#include "memscale/commands/replay.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <set>

#include "memscale/commands/rerun.hpp"
#include "memscale/commands/say.hpp"
#include "memscale/commands/verb_options.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/simulation.hpp"
#include "memscale/linalg/blas_kernel.hpp"
#include "memscale/store/dump.hpp"
#include "memscale/store/result_difference.hpp"
#include "memscale/store/store_view.hpp"
#include "memscale/store/stored_record.hpp"

namespace memscale {

namespace fs = std::filesystem;
namespace po = boost::program_options;

namespace {

/// The stores of the current folder that can be read, those of which only a journal stands there included. Other files
/// that end in .h5 (dumps, say) are passed over.
std::vector<StoreView> stores_of_this_folder() {
  std::set<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(".")) {
    const fs::path path =
        entry.path().extension() == ".journal" ? fs::path(entry.path()).replace_extension() : entry.path();
    if (path.extension() == ".h5") paths.insert(path);
  }
  std::vector<StoreView> views;
  for (const fs::path& path : paths) {
    try {
      views.push_back(open_store(path));
    } catch (const InputError&) {
    }
  }
  return views;
}

/// The one trial whose id begins with `id`; of several stores that hold it, the last one's.
Record find_record(const std::vector<StoreView>& views, const std::string& id) {
  if (id.size() < 4 || id.size() > 16 || id.find_first_not_of("0123456789abcdef") != std::string::npos)
    throw invalid("ID", id, "must be 4 to 16 hexadecimal digits in lower case");
  const RecordSource* source = nullptr;
  IndexEntry found;
  std::size_t trials = 0;
  for (const StoreView& view : views) {
    trials += view.source.entries.size();
    for (const IndexEntry& entry : view.source.entries) {
      if (!to_hex(entry.id).starts_with(id)) continue;
      if (source && found.id != entry.id) throw invalid("ID", id, "begins more than one trial");
      source = &view.source;
      found = entry;
    }
  }
  if (!source)
    throw invalid("ID", id, "no such trial among the " + std::to_string(trials) + " of the stores that can be read");
  return source->read(found);
}

void print_result(const Trial& trial, const Result& result) {
  std::printf("%s\n", to_hex(trial_id(trial)).c_str());
  std::string text = canonical_text(trial);
  std::replace(text.begin(), text.end(), ' ', '\n');
  std::printf("%s\n", text.c_str());
  for_each_field(result, [](const char* name, const auto& value) {
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

/// A line for each step, of many steps the first 10 and the last 5.
void print_trace(const Trace& trace) {
  constexpr std::size_t first = 10, last = 5;
  std::vector<std::pair<std::string, const std::vector<double>*>> columns;
  for_each_field(trace,
                 [&](const char* name, const std::vector<double>& values) { columns.emplace_back(name, &values); });
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

  std::vector<StoreView> views;
  if (options.has("store"))
    views.push_back(open_store(options.text("store")));
  else
    views = stores_of_this_folder();
  for (const StoreView& view : views)
    for (const std::string& note : view.notes) say(note);
  const Record stored = find_record(views, id);
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
