#include "memscale/commands/plan.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <unordered_map>

#include "memscale/analysis/seed_rounds.hpp"
#include "memscale/commands/job_costs.hpp"
#include "memscale/commands/job_flags.hpp"
#include "memscale/commands/say.hpp"
#include "memscale/commands/time_text.hpp"
#include "memscale/commands/trial_text.hpp"
#include "memscale/commands/verb_options.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/core/memory.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/job_file.hpp"
#include "memscale/schedule/expected_run.hpp"
#include "memscale/schedule/memory_model.hpp"
#include "memscale/store/store_path.hpp"
#include "memscale/store/store_view.hpp"

namespace memscale {

namespace fs = std::filesystem;
namespace po = boost::program_options;

namespace {

void print_line(const char* name, const std::string& text) {
  std::printf("%s: %s\n", name, text.c_str());
}

/// The store, if there is one yet.
std::optional<StoreView> find_store(const fs::path& store) {
  const StorePath path = resolve_store_path(store);
  if (!fs::exists(path.snapshot) && !fs::exists(path.journal)) return std::nullopt;
  return open_store(store);
}

/// What of a job a store holds.
struct Held {
  std::size_t finished = 0, failed = 0;
};

/// Takes the trials that have a finished result from the job.
Held take_finished(Job& job, const StoreView& view) {
  std::unordered_map<std::uint64_t, TrialStatus> status_of;
  for (const IndexEntry& entry : view.source.entries) status_of.emplace(entry.id, entry.status);
  Held held;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < job.trials.size(); ++i) {
    const auto found = status_of.find(job.ids[i]);
    const bool is_finished = found != status_of.end() && found->second != TrialStatus::failed;
    held.finished += is_finished;
    held.failed += found != status_of.end() && !is_finished;
    if (is_finished) continue;
    job.trials[kept] = job.trials[i];
    job.ids[kept++] = job.ids[i];
  }
  job.trials.resize(kept);
  job.ids.resize(kept);
  return held;
}

/// Why `run` would refuse the job without --force; empty if it would not.
std::string changes_text(const Job& job, const StoreView& view) {
  JobEntry entry;
  entry.text = job.text;
  entry.flags = job.flags;
  entry.parameters = job.parameters;
  entry.version = MEMSCALE_VERSION;
  std::string text;
  for (const std::string& change : job_differences(view.provenance.jobs, entry))
    text += (text.empty() ? "" : "; ") + change;
  return text;
}

std::string held_text(const Held& held, const std::string& store) {
  std::string text = std::to_string(held.finished) + " in " + printable(store);
  if (held.failed > 0) text += ", " + std::to_string(held.failed) + " that failed there are to be run again";
  return text;
}

void print_memory(const std::vector<Trial>& trials, const std::set<std::string_view>& varying, int threads, int ranks) {
  const Trial& most = *most_demanding(trials, threads);
  const std::int64_t bytes = estimate_memory(most, threads);
  const Memory machine = read_memory();
  const std::string fields = fields_text(most, varying);
  print_line("memory", size_text(bytes) + " a rank at most" + (fields.empty() ? "" : " (" + fields + ")") + ", " +
                           size_text(bytes * ranks) + " for a node with " + std::to_string(ranks) +
                           (ranks == 1 ? " rank" : " ranks") + "; this machine has " + size_text(machine.total) + ", " +
                           size_text(machine.available) + " of it free");
  if (bytes > machine.available / ranks)  // as run refuses it
    print_line("too large", std::to_string(machine.available / bytes) +
                                " such ranks fit into this machine: use fewer a node, with more --threads, or smaller "
                                "items");
}

void print_first(const Job& job, const std::set<std::string_view>& varying, const CostModel& model) {
  constexpr std::size_t most = 5;
  for (std::size_t i = 0; i < std::min(most, job.trials.size()); ++i)
    print_line("trial", to_hex(job.ids[i]) + " " + fields_text(job.trials[i], varying) + ", about " +
                            seconds_text(model.seconds(job.trials[i])));
  if (job.trials.size() > most) print_line("trial", "and " + std::to_string(job.trials.size() - most) + " more to run");
}

std::string core_hours_text(double seconds) {
  const std::string hours = brief_text(seconds / 3600);
  return seconds < 3600 ? hours + " (" + seconds_text(seconds) + " of one core)" : hours;
}

/// Prints what is to run and what it needs.
void print_run(const Job& job, const JobCosts& costs, const std::set<std::string_view>& varying, int threads,
               int ranks) {
  const CostModel& model = costs.model;
  const SchedulerOptions options{.ranks = ranks, .ranks_per_trial = job.policy.ranks_per_trial};
  const ExpectedRun run = expect_run(job.trials, options, model);
  print_line("core-hours", "about " + core_hours_text(run.rank_seconds * threads) + ", " + costs.basis);
  print_line("wall time", "about " + clock_text(run.wall_seconds) + " on " + std::to_string(ranks) +
                              (ranks == 1 ? " rank" : " ranks") +
                              (threads == 1 ? "" : " of " + std::to_string(threads) + " threads"));
  const auto longest = std::max_element(job.trials.begin(), job.trials.end(), [&](const Trial& a, const Trial& b) {
    return model.seconds(a) < model.seconds(b);
  });
  print_line("longest trial", "about " + seconds_text(model.seconds(*longest)) + ": " + to_hex(trial_id(*longest)) +
                                  " " + fields_text(*longest, varying));
  print_memory(job.trials, varying, threads, ranks);
  print_first(job, varying, model);
}

/// What rounds may add to a job whose intervals have targets; empty for others.
std::string rounds_text(const Job& job) {
  const RunPolicy& policy = job.policy;
  if (!policy.target_ci.given()) return "";
  const SeedRounds rounds(job.trials, policy.target_ci, policy.max_seeds, [](const Trial&) { return 1.0; });
  return "may add up to " + to_text(rounds.most_added()) + " trials, up to " + to_text(policy.max_seeds) +
         " seeds a cell, where intervals are wider than target-ci";
}

}  // namespace

int plan(const std::vector<std::string>& arguments) {
  std::vector<std::string> own = arguments;
  const std::vector<std::string> job_flags = take_job_flags(own);
  po::options_description flags("options");
  flags.add_options()("output,o", po::value<std::string>()->value_name("STORE"),
                      "the store of the run: what it holds is not run again, and says how long trials take")(
      "ranks", po::value<std::string>()->value_name("N"), "ranks of the run, all on one node (default 1)")(
      "threads", po::value<std::string>()->value_name("N|auto"),
      "threads of each rank; auto: the cores it may use (default 1)");
  VerbOptions options(plan_verb, flags, {"job"});
  options.parse(own);
  if (options.helped("Says which trials of JOB a run would run, how many core-hours, how much wall time and memory it "
                     "needs. Where\nSTORE has no finished trials to learn from, small ones are run for about a second. "
                     "Writes nothing.\n"))
    return exit_done;
  const std::string file = options.required("job", "JOB");
  const int ranks = static_cast<int>(options.integer("ranks", 1, 1, 1'000'000));
  const int threads = options.has("threads") ? options.threads() : 1;
  Job job = read_job(file, job_flags);
  const std::set<std::string_view> varying = varying_fields(job.trials);
  const std::size_t trials = job.trials.size();
  const std::string rounds = rounds_text(job);
  std::optional<StoreView> view;
  std::string held_there;
  if (options.has("output")) {
    view = find_store(options.text("output"));
    if (view) held_there = ", " + held_text(take_finished(job, *view), options.text("output"));
  }
  print_line("job", printable(fs::path(file).filename().string()) + ", " + std::to_string(trials) +
                        (trials == 1 ? " trial" : " trials") + held_there + ", " + std::to_string(job.trials.size()) +
                        " to run");
  if (view)
    if (const std::string changes = changes_text(job, *view); !changes.empty())
      print_line("refused",
                 "the store was made with other parameters: " + changes + " (run wants --force to keep both)");
  if (!rounds.empty()) print_line("rounds", rounds);
  if (job.trials.empty()) return exit_done;
  std::fflush(stdout);
  print_run(job, costs_of(job.trials, view ? &view->source : nullptr, threads), varying, threads, ranks);
  return exit_done;
}

}  // namespace memscale
