#include "memscale/commands/job_trials.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

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

std::vector<std::string> for_each_job(const std::vector<JobEntry>& jobs,
                                      const std::function<void(std::size_t number, TrialList trials)>& f) {
  std::vector<std::string> problems;
  std::size_t read = 0;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const std::string name = "job " + to_text(std::uint64_t{i + 1});
    if (jobs[i].physics != physics_version) {
      problems.push_back(name + " is of physics version " + to_text(jobs[i].physics));
      continue;
    }
    if (jobs[i].parameters.empty()) {
      problems.push_back(name + " was recorded without its flags, by an earlier version");
      continue;
    }
    try {
      if (read > static_cast<std::size_t>(most_trials)) {
        problems.push_back(name + " and those after it: the jobs before it have " + to_text(most_trials) +
                           " trials and more");
        break;
      }
      TrialList trials = expand(parse_grid(jobs[i].text, name, split_flags(jobs[i].flags)));
      read += trials.ids.size();
      f(i + 1, std::move(trials));
    } catch (const InputError& error) {
      problems.push_back(name + " cannot be read by this version: " + error.what());
    }
  }
  return problems;
}

JobTrials trials_of(const std::vector<JobEntry>& jobs) {
  JobTrials all;
  all.problems = for_each_job(jobs, [&](std::size_t, const TrialList& trials) {
    all.ids.insert(all.ids.end(), trials.ids.begin(), trials.ids.end());
  });
  std::sort(all.ids.begin(), all.ids.end());
  all.ids.erase(std::unique(all.ids.begin(), all.ids.end()), all.ids.end());
  return all;
}

}  // namespace memscale
