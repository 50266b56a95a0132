#include "memscale/commands/verify.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <random>
#include <tuple>

#include "memscale/commands/rerun.hpp"
#include "memscale/commands/say.hpp"
#include "memscale/commands/verb_options.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/core/text.hpp"
#include "memscale/linalg/blas_kernel.hpp"
#include "memscale/store/sample_entries.hpp"
#include "memscale/store/store_view.hpp"
#include "memscale/store/stored_record.hpp"

namespace memscale {

namespace po = boost::program_options;

namespace {

/// Reads every record, with all checks. Returns the finished ones that this program could have computed.
std::vector<IndexEntry> read_all(const RecordSource& source) {
  std::array<std::size_t, EnumNames<TrialStatus>::names.size()> counts{};
  std::size_t of_other_physics = 0;
  std::vector<IndexEntry> candidates;
  source.for_each([&](const Record& record, const IndexEntry& entry) {
    ++counts.at(static_cast<std::size_t>(record.result.status));
    if (record.trial.physics != physics_version)
      ++of_other_physics;
    else if (entry.is_finished())
      candidates.push_back(entry);
  });
  std::string text = "read " + std::to_string(source.entries.size()) + " trials:";
  for (std::size_t code = 0; code < counts.size(); ++code)
    text.append(code ? ", " : " ")
        .append(std::to_string(counts[code]) + ' ')
        .append(EnumNames<TrialStatus>::names[code]);
  std::printf("%s\n", text.c_str());
  if (of_other_physics > 0)
    std::printf("%zu of another physics version than this program's, %s, are not run again\n", of_other_physics,
                to_text(physics_version).c_str());
  return candidates;
}

/// Neighbours share their embeddings, and their first gradient where they can.
void order_by_bundle(std::vector<IndexEntry>& entries, const RecordSource& source) {
  using Key = std::tuple<std::uint64_t, double, double, std::uint64_t>;
  std::vector<std::pair<Key, IndexEntry>> keyed;
  for (const IndexEntry& entry : entries) {
    const Trial trial = source.read(entry, {.trace = false, .recall = false, .cost = false}).trial;
    keyed.push_back({{bundle_key(trial), trial.alpha, trial.batch, entry.id}, entry});
  }
  std::sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::transform(keyed.begin(), keyed.end(), entries.begin(), [](const auto& pair) { return pair.second; });
}

/// One line where a trial's outcome of now is not the stored one; empty where it is.
std::string difference_line(const Record& stored, const Record& now) {
  if (same_outcome(stored, now)) return {};
  const std::vector<FieldDifference> found = differences(stored, now);
  std::string line = to_hex(trial_id(stored.trial));
  if (!found.empty()) line += ' ' + difference_text(found.front());
  if (found.size() > 1) line += ", and " + std::to_string(found.size() - 1) + " more";
  if (!now.message.empty()) line += " (" + printable(now.message) + ")";
  if (!found.empty() && may_be_rounding(found)) line += " (rounding only: kernels of another processor may differ so)";
  return line;
}

std::size_t count_different(const std::vector<IndexEntry>& sample, const RecordSource& source, int threads) {
  Workspace workspace(threads);
  std::size_t different = 0;
  for (const IndexEntry& entry : sample) {
    const Record stored = source.read(entry);
    std::string line;
    try {
      line = difference_line(stored, rerun(stored, workspace));
    } catch (const InputError& error) {
      line = error.what();
    }
    if (line.empty()) continue;
    ++different;
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
  }
  return different;
}

std::int64_t any_seed() {
  return std::random_device()();
}

}  // namespace

int verify(const std::vector<std::string>& arguments) {
  po::options_description flags("options");
  flags.add_options()("sample", po::value<std::string>()->value_name("N"),
                      "how many finished trials to run again (default 10; 0: only read)")(
      "seed", po::value<std::string>()->value_name("S"), "which: the same for the same seed (default: any)")(
      "threads", po::value<std::string>()->value_name("N"), "threads (default auto: the cores that it may use)");
  VerbOptions options(verify_verb, flags, {"store"});
  options.parse(arguments);
  if (options.helped(
          "Reads every record of STORE with all checks, then runs some trials again: result, trace and recall "
          "must be\nthe stored ones bit for bit. Exit status 1 where one is not.\n"))
    return exit_done;
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const std::string store = options.required("store", "STORE");
  const auto count = static_cast<std::size_t>(options.integer("sample", 10, 0, most));
  const std::int64_t seed = options.integer("seed", any_seed(), 0, most);
  const int threads = options.threads();

  const StoreView view = open_store(store);
  for (const std::string& note : view.notes) say(note);
  std::vector<IndexEntry> sample = sample_entries(read_all(view.source), count, static_cast<std::uint64_t>(seed));
  if (!sample.empty()) {
    std::printf("running %zu again, --seed %s\n", sample.size(), to_text(seed).c_str());
    std::fflush(stdout);
    say(blas_description());
  }
  order_by_bundle(sample, view.source);
  const std::size_t different = count_different(sample, view.source, threads);
  const std::string end = sample.empty()   ? "none run again"
                          : different == 0 ? "all the same"
                                           : std::to_string(different) + (different == 1 ? " differs" : " differ");
  std::printf("verified %zu of %zu trials: %s\n", sample.size(), view.source.entries.size(), end.c_str());
  return different == 0 ? exit_done : exit_failures;
}

}  // namespace memscale
