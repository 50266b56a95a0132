#include "memscale/store/provenance.hpp"

#include <algorithm>
#include <optional>

#include "memscale/core/text.hpp"
#include "memscale/experiment/job_parameters.hpp"

namespace memscale {

namespace {

std::string difference_text(const std::string& what, const std::string& before, const std::string& now) {
  return what + ": " + before + " -> " + now;
}

std::vector<std::string> lines_of(const std::vector<ParameterChange>& changes, const JobEntry& stored,
                                  const JobEntry& now) {
  std::vector<std::string> lines;
  for (const ParameterChange& change : changes) lines.push_back(difference_text(change.key, change.before, change.now));
  if (stored.physics != now.physics)
    lines.push_back(difference_text("physics version", to_text(stored.physics), to_text(now.physics)));
  return lines;
}

bool same_job(const JobEntry& a, JobEntry b) {
  b.forced = a.forced;  // says how it came in, not what it is
  return a == b;
}

}  // namespace

std::vector<std::string> job_differences(const std::vector<JobEntry>& stored, const JobEntry& now) {
  const bool any_known =
      std::any_of(stored.begin(), stored.end(), [](const JobEntry& job) { return !job.parameters.empty(); });
  std::vector<const JobEntry*> jobs;
  std::vector<std::string> parameters;
  for (const JobEntry& job : stored) {
    if (any_known && job.parameters.empty()) continue;  // would agree with everything
    jobs.push_back(&job);
    parameters.push_back(job.parameters);
  }
  const auto changes = changes_from_each(parameters, now.parameters);
  std::optional<std::vector<std::string>> fewest;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    std::vector<std::string> lines = lines_of(changes[i], *jobs[i], now);
    if (!fewest || lines.size() < fewest->size()) fewest = std::move(lines);
  }
  return fewest.value_or(std::vector<std::string>());
}

void add_job(std::vector<JobEntry>& jobs, const JobEntry& job) {
  if (std::none_of(jobs.begin(), jobs.end(), [&](const JobEntry& other) { return same_job(other, job); }))
    jobs.push_back(job);
}

}  // namespace memscale
