#include "memscale/commands/job_trials.hpp"

#include <algorithm>
#include <sstream>

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/job_file.hpp"

namespace memscale {

std::vector<std::string> split_flags(const std::string& flags) {
  std::vector<std::string> parts;
  std::istringstream words(flags);
  std::string word;
  bool in_value = false;  // a value may hold blanks: "1.5, 2"
  while (words >> word) {
    if (word.starts_with("--")) {
      parts.push_back(word);
      in_value = word.find('=') != std::string::npos;
    } else if (in_value) {
      parts.back() += ' ' + word;
    } else {
      parts.push_back(word);
      in_value = true;
    }
  }
  return parts;
}

JobTrials trials_of(const std::vector<JobEntry>& jobs) {
  JobTrials all;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const std::string name = "job " + to_text(std::uint64_t{i + 1});
    if (jobs[i].physics != physics_version) {
      all.problems.push_back(name + " is of physics version " + to_text(jobs[i].physics));
      continue;
    }
    if (jobs[i].parameters.empty()) {
      all.problems.push_back(name + " was recorded without its flags, by an earlier version");
      continue;
    }
    try {
      if (all.ids.size() > static_cast<std::size_t>(most_trials)) {
        all.problems.push_back(name + " and those after it: the jobs before it have " + to_text(most_trials) +
                               " trials and more");
        break;
      }
      const TrialList job = expand(parse_grid(jobs[i].text, name, split_flags(jobs[i].flags)));
      all.ids.insert(all.ids.end(), job.ids.begin(), job.ids.end());
    } catch (const InputError& error) {
      all.problems.push_back(name + " cannot be read by this version: " + error.what());
    }
  }
  std::sort(all.ids.begin(), all.ids.end());
  all.ids.erase(std::unique(all.ids.begin(), all.ids.end()), all.ids.end());
  return all;
}

}  // namespace memscale
