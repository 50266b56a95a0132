#include "legacy_job.hpp"

#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "memscale/core/error.hpp"
#include "memscale/experiment/job_keys.hpp"
#include "memscale/experiment/job_parameters.hpp"
#include "memscale/experiment/job_settings.hpp"
#include "memscale/store/stored_record.hpp"

namespace memscale {

namespace {

/// "--train.eta" or "--train.eta=1", told from other words by its section.
bool is_job_flag(std::string_view word) {
  const auto dot = word.find('.');
  return word.starts_with("--") && dot != std::string_view::npos && is_section(word.substr(2, dot - 2));
}

/// Whether two words are one value that had blanks in it: "2 * sqrt(d)", "16, 32".
bool belong_together(std::string_view word, std::string_view next) {
  constexpr std::string_view joints = "*,:";
  return joints.find(word.back()) != std::string_view::npos || joints.find(next.front()) != std::string_view::npos;
}

std::vector<std::string> job_flags(const std::string& command_line) {
  std::vector<std::string> flags;
  std::istringstream words(command_line);
  std::string word, last;
  enum class Expected { flag, value, rest } expected = Expected::flag;
  for (; words >> word; last = word) {
    if (is_job_flag(word)) {
      flags.push_back(word);
      expected = word.find('=') == std::string::npos ? Expected::value : Expected::rest;
    } else if (expected == Expected::value) {
      flags.push_back(word);
      expected = Expected::rest;
    } else if (expected == Expected::rest && belong_together(last, word)) {
      flags.back() += ' ' + word;
    } else {
      expected = Expected::flag;
    }
  }
  return flags;
}

}  // namespace

JobEntry with_parameters(JobEntry job, const std::string& command_line) {
  if (!job.parameters.empty()) return job;
  try {
    const std::vector<std::string> flags = job_flags(job.flags.empty() ? command_line : job.flags);
    std::string parameters = job_parameters(job.text, flags);
    if (job.flags.empty()) job.flags = storable_text(flags_text(read_flags(flags)), longest_text);
    job.parameters = std::move(parameters);
  } catch (const InputError&) {
    return job;  // of keys that are no more: what it fixed stays unknown
  }
  return job;
}

}  // namespace memscale
