#include "memscale/commands/replay.hpp"

#include <algorithm>
#include <boost/program_options.hpp>
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
#include "memscale/store/result_store.hpp"

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

}  // namespace

int replay(const std::vector<std::string>& arguments) {
  const auto options = parse(arguments);
  if (!options) {
    std::printf(
        "usage: memscale replay %s\n\nRuns one trial of STORE again and compares its result with the stored one. "
        "Without STORE,\n"
        "every store of the current folder is searched. --dump writes u, v, p, q, gradient, update, weights and\n"
        "recovered to an HDF5 file.\n",
        std::string(replay_verb.usage).c_str());
    return exit_done;
  }
  const StoreContents contents = options->store ? read_store(*options->store) : contents_of_this_folder();
  for (const std::string& note : contents.notes) say(note);
  const Record stored = find_record(contents.records, options->id);
  if (options->dump) check_dump_path(*options->dump);
  say(blas_description());
  Workspace workspace;
  Cost cost;
  const Simulation run = simulate(stored.trial, workspace, cost);
  print_result(stored.trial, run.result);
  if (options->dump) {
    write_dump(*options->dump, stored.trial, run);
    say("wrote " + options->dump->string());
  }
  if (stored.result.status == TrialStatus::failed) return exit_done;
  if (run.result == stored.result) {
    say("the same result as stored");
    return exit_done;
  }
  say("NOT the result that is stored (capacity " + to_text(stored.result.capacity) + ", computed with " +
      stored.cost.blas_kernel + " kernels)");
  return exit_failures;
}

}  // namespace memscale
