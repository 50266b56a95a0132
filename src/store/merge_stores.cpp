#include "memscale/store/merge_stores.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "legacy_job.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/store/result_difference.hpp"
#include "memscale/store/store_path.hpp"
#include "memscale/store/stored_record.hpp"
#include "same_bits.hpp"

namespace memscale {

namespace {

template <class T>
std::string value_text(const T& value) {
  if constexpr (NamedEnum<T>)
    return std::string(name_of(value));
  else
    return to_text(value);
}

/// "d=64 seed=3": the parameters of `trial` in which the trials of the files differ.
std::string distinguishing_parameters(const Trial& trial, const RecordSource& source) {
  std::vector<std::string> differing;
  source.for_each(
      [&](const Record& other, const IndexEntry&) {
        for_each_pair(trial, other.trial, [&](const char* name, const auto& a, const auto& b) {
          if (!same_bits(a, b) && std::find(differing.begin(), differing.end(), name) == differing.end())
            differing.push_back(name);
        });
      },
      {.trace = false, .recall = false, .cost = false});
  std::string text;
  for_each_field(trial, [&](const char* name, const auto& value) {
    if (std::find(differing.begin(), differing.end(), name) == differing.end()) return;
    text.append(text.empty() ? "" : " ").append(name).append("=").append(value_text(value));
  });
  return text;
}

/// Two results of one trial, in two stores.
struct Conflict {
  IndexEntry first, second;
};

/// Collects the entries of store after store.
class Union {
 public:
  explicit Union(const std::vector<MergeInput>& inputs) : inputs_(inputs) {
    for (const MergeInput& input : inputs) add(input.view.source);
  }

  MergedStores finish() && {
    require_agreement();
    MergedStores merged;
    merged.source = {std::move(files_), sorted_by_id(index_.entries())};
    merged.in_several = in_several_.size();
    return merged;
  }

 private:
  void add(const RecordSource& source) {
    const auto first_file = static_cast<std::uint32_t>(files_.size());
    files_.insert(files_.end(), source.files.begin(), source.files.end());
    first_files_.push_back(first_file);
    index_.reserve(index_.size() + source.entries.size());
    for (IndexEntry entry : source.entries) {
      entry.file += first_file;
      const RecordIndex::Added added = index_.add(entry);
      if (added != RecordIndex::Added::is_new) in_several_.insert(entry.id);
      if (added != RecordIndex::Added::conflict) continue;
      if (conflicting_.empty()) first_conflict_ = {*index_.find(entry.id), entry};
      conflicting_.insert(entry.id);
    }
  }

  std::string path_of(const IndexEntry& entry) const {
    const auto behind = std::upper_bound(first_files_.begin(), first_files_.end(), entry.file);
    return printable(inputs_[static_cast<std::size_t>(behind - first_files_.begin()) - 1].path.string());
  }

  void require_agreement() const {
    if (conflicting_.empty()) return;
    const RecordSource all{files_, index_.entries()};
    const Record a = all.read(first_conflict_.first), b = all.read(first_conflict_.second);
    const std::string parameters = distinguishing_parameters(a.trial, all);
    const auto found = differences(a, b);
    std::string line = "conflict: trial " + to_hex(first_conflict_.first.id);
    if (!parameters.empty()) line += " (" + parameters + ")";
    line += " has two results: ";
    if (found.empty())
      line += "one in " + path_of(first_conflict_.first) + ", one in " + path_of(first_conflict_.second);
    else
      line += found.front().name + " is " + found.front().stored + " in " + path_of(first_conflict_.first) + ", " +
              found.front().now + " in " + path_of(first_conflict_.second);
    if (const std::size_t more = conflicting_.size() - 1; more > 0)
      line += "; " + std::to_string(more) + (more == 1 ? " trial conflicts" : " trials conflict") + " besides";
    throw InputError(line);
  }

  const std::vector<MergeInput>& inputs_;
  std::vector<std::shared_ptr<RecordFile>> files_;
  std::vector<std::uint32_t> first_files_;  ///< of each store
  RecordIndex index_;
  std::unordered_set<std::uint64_t> in_several_, conflicting_;
  Conflict first_conflict_;
};

/// The parts of a list that "; " separates.
std::vector<std::string> listed_in(std::string_view list) {
  constexpr std::string_view separator = "; ";
  std::vector<std::string> parts;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(separator), list.size());
    parts.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + separator.size(), list.size()));
  }
  return parts;
}

/// What `job` changes of the jobs `before` it, without what was forced into its own store.
std::string new_changes(const std::vector<JobEntry>& before, const JobEntry& job) {
  const std::vector<std::string> accepted = listed_in(job.forced);
  std::string list;
  for (const std::string& change : job_differences(before, job))
    if (std::find(accepted.begin(), accepted.end(), change) == accepted.end())
      list += (list.empty() ? "" : "; ") + change;
  return list;
}

/// Adds the jobs of `input` to those of the stores before it. A change that was forced into its store is not asked
/// about again.
void add_jobs(std::vector<JobEntry>& jobs, const MergeInput& input, OtherJobs other_jobs) {
  const std::vector<JobEntry> before = jobs;
  const Provenance& from = input.view.provenance;
  // The command line is the last run's: of several jobs, nobody knows which.
  const std::string command_line = from.jobs.size() == 1 ? from.command_line : std::string();
  for (const JobEntry& stored : from.jobs) {
    JobEntry job = with_parameters(stored, command_line);
    const std::string changes = new_changes(before, job);
    if (!changes.empty() && other_jobs == OtherJobs::refused)
      throw invalid_store(input.path, "made with other parameters: " + changes + "; --force keeps both");
    if (!changes.empty())
      job.forced = storable_text(job.forced + (job.forced.empty() ? "" : "; ") + changes, longest_text);
    add_job(jobs, job);
  }
}

}  // namespace

MergedStores unite_stores(const std::vector<MergeInput>& inputs) {
  return Union(inputs).finish();
}

MergedStores merge_stores(const std::vector<MergeInput>& inputs, OtherJobs other_jobs) {
  Provenance provenance;
  for (const MergeInput& input : inputs) add_jobs(provenance.jobs, input, other_jobs);
  MergedStores merged = unite_stores(inputs);
  merged.provenance = std::move(provenance);
  return merged;
}

}  // namespace memscale
