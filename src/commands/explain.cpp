#include "memscale/commands/explain.hpp"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <utility>

#include "memscale/commands/job_trials.hpp"
#include "memscale/commands/run_clock.hpp"
#include "memscale/commands/say.hpp"
#include "memscale/commands/trial_facts.hpp"
#include "memscale/commands/verb_options.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/job_file.hpp"
#include "memscale/store/store_path.hpp"

namespace memscale {

namespace fs = std::filesystem;

namespace {

/// The one trial of a list whose id begins so. Throws InputError if there are several.
std::optional<std::size_t> find_in(const TrialList& list, const std::string& id) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < list.ids.size(); ++i) {
    if (!to_hex(list.ids[i]).starts_with(id)) continue;
    if (found) throw ambiguous_id(id);
    found = i;
  }
  return found;
}

/// A text file is a job; what has the first bytes of an HDF5 file, or a journal beside it, is a store.
bool is_job_file(const fs::path& path) {
  std::array<char, 4> start{};
  std::ifstream file(path, std::ios::binary);
  if (!fs::is_regular_file(path) || fs::exists(path.string() + ".journal")) return false;
  return !(file.read(start.data(), start.size()) && std::string_view(start.data(), start.size()) == "\x89HDF");
}

TrialFacts find_in_job(const fs::path& file, const std::string& id) {
  Job job = read_job(file, {});
  TrialFacts facts;
  facts.job = printable(file.filename().string());
  facts.siblings = {std::move(job.trials), std::move(job.ids)};
  const auto place = find_in(facts.siblings, id);
  if (!place)
    throw invalid("ID", id, "none of the " + std::to_string(facts.siblings.ids.size()) + " trials of " + facts.job);
  facts.trial = facts.siblings.trials[*place];
  facts.id = facts.siblings.ids[*place];
  return facts;
}

/// Looks for the trial among the jobs of a store. Returns how many trials it has looked at.
std::size_t look_at_jobs(TrialFacts& facts, const OpenStore& store, const std::string& id) {
  std::size_t trials = 0;
  for_each_job(store.view.provenance.jobs, [&](std::size_t number, TrialList list) {
    trials += list.ids.size();
    const auto place = find_in(list, id);
    if (!place) return;
    if (facts.id != 0 && facts.id != list.ids[*place]) throw ambiguous_id(id);
    if (!facts.job.empty()) return;  // the first job that gives it explains it
    facts.trial = list.trials[*place];
    facts.id = list.ids[*place];
    facts.store = &store;
    facts.job = "job " + std::to_string(number) + " of " + std::to_string(store.view.provenance.jobs.size()) + " in " +
                printable(store.path.string());
    facts.siblings = std::move(list);
  });
  return trials;
}

TrialFacts find_in_stores(const std::vector<OpenStore>& stores, const std::string& id) {
  TrialFacts facts;
  if (const auto found = find_record(stores, id)) {
    facts.record = found->store->view.source.read(found->entry);
    facts.trial = facts.record->trial;
    facts.id = found->entry.id;
    facts.store = found->store;
    look_at_jobs(facts, *found->store, to_hex(facts.id));
    return facts;
  }
  std::size_t trials = 0;
  for (const OpenStore& store : stores) trials += look_at_jobs(facts, store, id);
  if (facts.id == 0)
    throw invalid(
        "ID", id,
        "no such trial among the " + std::to_string(trials) + " of the stores that can be read and their jobs");
  return facts;
}

}  // namespace

int explain(const std::vector<std::string>& arguments) {
  VerbOptions options(explain_verb, boost::program_options::options_description("options"), {"id", "where"});
  options.parse(arguments);
  if (options.helped("Says what the trial ID (its first 4 digits or more) is, which job gives it, how it went or why "
                     "it waits, what it\ncosts and what theory predicts. Without STORE or JOB, every store of the "
                     "current folder is searched, with its jobs.\nOnly reads.\n"))
    return exit_done;
  const std::string id = options.required("id", "ID");
  require_id_prefix(id);
  TrialFacts facts;
  std::vector<OpenStore> stores;
  if (!options.has("where")) {
    stores = stores_of_this_folder();
    facts = find_in_stores(stores, id);
  } else if (const std::string where = options.text("where"); is_job_file(where)) {
    facts = find_in_job(where, id);
  } else {
    stores.push_back({where, open_store(where)});
    facts = find_in_stores(stores, id);
  }
  std::fputs(facts_text(facts, time_of_day()).c_str(), stdout);
  return exit_done;
}

}  // namespace memscale
