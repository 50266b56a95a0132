#include "memscale/commands/prune.hpp"

#include <cstdio>

#include "memscale/commands/say.hpp"
#include "memscale/commands/verb_options.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/store/prune_store.hpp"

namespace memscale {

namespace po = boost::program_options;

namespace {

/// "10 of 384 trials (2 ok, 8 failed)"
std::string count_text(const PruneSummary& summary) {
  std::string text = std::to_string(summary.removed_in_all()) + " of " + std::to_string(summary.trials) + " trials";
  std::string by_status;
  for (std::size_t code = 0; code < summary.removed.size(); ++code) {
    if (summary.removed[code] == 0) continue;
    by_status.append(by_status.empty() ? "" : ", ").append(std::to_string(summary.removed[code]) + ' ');
    by_status.append(EnumNames<TrialStatus>::names[code]);
  }
  return by_status.empty() ? text : text + " (" + by_status + ")";
}

RecordFilter filter_of(const VerbOptions& options) {
  RecordFilter filter;
  if (options.has("failed")) filter.statuses.push_back(TrialStatus::failed);
  if (options.has("diverged")) filter.statuses.push_back(TrialStatus::diverged);
  for (const std::string& condition : options.list("where")) filter.conditions.emplace_back(condition);
  if (filter.statuses.empty() && filter.conditions.empty()) options.refuse("missing --failed, --diverged or --where");
  return filter;
}

}  // namespace

int prune(const std::vector<std::string>& arguments) {
  po::options_description flags("options");
  flags.add_options()("failed", "trials that failed")("diverged", "trials that diverged (with --failed: either)")(
      "where", po::value<std::vector<std::string>>()->value_name("FIELD=VALUE[,VALUE...]"),
      "trials of which a parameter or result (as /trials names it, or trial_id) is one of the values; where it is "
      "given "
      "more than once, all must hold")("dry-run", "only say how many");
  VerbOptions options(prune_verb, flags, {"store"});
  options.parse(arguments);
  if (options.helped("Removes from STORE the trials for which all that is given holds. The next run of their job "
                     "computes them again.\n"))
    return exit_done;
  const std::string store = options.required("store", "STORE");
  const bool dry_run = options.has("dry-run");
  const RecordFilter filter = filter_of(options);
  const PruneSummary summary = prune_store(store, filter, dry_run ? PruneMode::dry_run : PruneMode::remove);
  for (const std::string& note : summary.notes) say(note);
  if (summary.removed_in_all() == 0)
    std::printf("nothing to prune: none of %zu trials matches\n", summary.trials);
  else
    std::printf("%s %s\n", dry_run ? "would prune" : "pruned", count_text(summary).c_str());
  return exit_done;
}

}  // namespace memscale
