#include "memscale/commands/replay.hpp"

#include <algorithm>
#include <boost/program_options.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <set>

#include "memscale/commands/say.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/simulation.hpp"
#include "memscale/linalg/blas_kernel.hpp"
#include "memscale/store/dump.hpp"
#include "memscale/store/result_difference.hpp"
#include "memscale/store/result_store.hpp"
#include "memscale/store/stored_record.hpp"

namespace memscale {

namespace fs = std::filesystem;
namespace po = boost::program_options;

namespace {

struct ReplayOptions {
  std::string id;  ///< 16 hexadecimal digits, or the first few
  std::optional<fs::path> store;
  std::optional<fs::path> dump;
};

std::optional<ReplayOptions> parse(const std::vector<std::string>& arguments) {
  po::options_description options("options");
  options.add_options()("help,h", "this text")(
      "dump", po::value<std::string>(), "write the trial's arrays to this HDF5 file")("id", po::value<std::string>())(
      "store", po::value<std::string>());
  po::positional_options_description positional;
  positional.add("id", 1).add("store", 1);
  po::variables_map found;
  try {
    const auto style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(arguments).options(options).positional(positional).style(style).run(), found);
  } catch (const po::error& error) {
    throw InputError(printable(error.what()) + " (usage: memscale replay " + std::string(replay_verb.usage) + ")");
  }
  if (found.count("help")) return std::nullopt;
  if (!found.count("id"))
    throw InputError("missing ID (usage: memscale replay " + std::string(replay_verb.usage) + ")");
  ReplayOptions result{.id = found["id"].as<std::string>(), .store = {}, .dump = {}};
  if (found.count("store")) result.store = found["store"].as<std::string>();
  if (found.count("dump")) result.dump = found["dump"].as<std::string>();
  return result;
}

/// What the stores of the current folder hold, those of which only a journal stands there included. Other files that
/// end in .h5 (dumps, say) are passed over.
StoreContents contents_of_this_folder() {
  std::set<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(".")) {
    const fs::path path =
        entry.path().extension() == ".journal" ? fs::path(entry.path()).replace_extension() : entry.path();
    if (path.extension() == ".h5") paths.insert(path);
  }
  StoreContents all;
  for (const fs::path& path : paths) {
    try {
      const StoreContents contents = read_store(path);
      all.records.insert(all.records.end(), contents.records.begin(), contents.records.end());
      all.notes.insert(all.notes.end(), contents.notes.begin(), contents.notes.end());
    } catch (const InputError&) {
    }
  }
  return all;
}

/// The one trial whose id begins with `id`.
Record find_record(const std::vector<Record>& records, const std::string& id) {
  if (id.size() < 4 || id.size() > 16 || id.find_first_not_of("0123456789abcdef") != std::string::npos)
    throw invalid("ID", id, "must be 4 to 16 hexadecimal digits in lower case");
  const Record* found = nullptr;
  for (const Record& record : records) {
    if (!to_hex(trial_id(record.trial)).starts_with(id)) continue;
    if (found && trial_id(found->trial) != trial_id(record.trial))
      throw invalid("ID", id, "begins more than one trial");
    found = &record;
  }
  if (!found)
    throw invalid("ID", id,
                  "no such trial among the " + std::to_string(records.size()) + " of the stores that can be read");
  return *found;
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
  for (std::size_t i = 0; i < std::min(found.size(), most); ++i)
    say(found[i].name + ": " + found[i].stored + " stored, " + found[i].now + " now");
  if (found.size() > most) say("and " + to_text(std::uint64_t{found.size() - most}) + " numbers more");
  if (std::all_of(found.begin(), found.end(), [](const FieldDifference& one) { return one.may_be_rounding; }))
    say("all counts agree, only real numbers differ: kernels of another processor round so");
}

}  // namespace

int replay(const std::vector<std::string>& arguments) {
  const auto options = parse(arguments);
  if (!options) {
    std::printf(
        "usage: memscale replay %s\n\nRuns one trial of STORE again and compares its result with the stored one. "
        "Without STORE,\n"
        "every store of the current folder is searched. Prints parameters, result and trace (a line a step).\n"
        "--dump writes u, v, p, the last step's q, weights, gradient and update, recovered items, traces and recall "
        "to\n"
        "an HDF5 file.\n",
        std::string(replay_verb.usage).c_str());
    return exit_done;
  }
  const StoreContents contents = options->store ? read_store(*options->store) : contents_of_this_folder();
  for (const std::string& note : contents.notes) say(note);
  const Record stored = find_record(contents.records, options->id);
  if (options->dump) check_dump_path(*options->dump);
  say(blas_description());
  Workspace workspace(available_cores());
  Cost cost;
  const Simulation run = simulate(stored.trial, workspace, cost);
  print_result(stored.trial, run.result);
  print_trace(run.trace);
  if (options->dump) {
    write_dump(*options->dump, stored.trial, run);
    say("wrote " + options->dump->string());
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
