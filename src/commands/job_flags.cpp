#include "memscale/commands/job_flags.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "memscale/core/error.hpp"
#include "memscale/experiment/job_keys.hpp"

namespace memscale {

namespace {

bool is_policy_key(std::string_view name) {
  return std::any_of(job_keys().begin(), job_keys().end(),
                     [&](const JobKey& key) { return key.section() == "run" && key.leaf() == name; });
}

/// "--section.key" of "--section.key", "--section.key=value" and, of a key of [run], "--key"; else empty.
std::string job_flag(const std::string& argument) {
  if (!argument.starts_with("--")) return {};
  const std::string name = argument.substr(2, argument.find('=') - 2);
  if (name.find('.') != std::string::npos) return "--" + name;
  return is_policy_key(name) ? "--run." + name : "";
}

/// A batch script may append a user's "--walltime 2h" to its own: the last one of a key of [run] counts.
void remove_flag(std::vector<std::string>& flags, const std::string& flag) {
  for (auto it = flags.begin(); it != flags.end(); ++it) {
    if (*it != flag && !it->starts_with(flag + '=')) continue;
    flags.erase(it, it + (*it == flag ? 2 : 1));
    return;
  }
}

}  // namespace

// They are told apart by their dot, not by being unknown to Boost: that would take the value of one for JOB.
std::vector<std::string> take_job_flags(std::vector<std::string>& arguments) {
  std::vector<std::string> flags, others;
  for (auto it = arguments.begin(); it != arguments.end(); ++it) {
    const std::string flag = job_flag(*it);
    if (flag.empty()) {
      others.push_back(*it);
      continue;
    }
    if (flag.starts_with("--run.")) remove_flag(flags, flag);
    const auto equals = it->find('=');
    if (equals != std::string::npos) {
      flags.push_back(flag + it->substr(equals));
      continue;
    }
    if (std::next(it) == arguments.end() || std::next(it)->starts_with("--"))
      throw InputError("missing value after " + printable(*it));
    flags.push_back(flag);
    flags.push_back(*++it);
  }
  arguments = std::move(others);
  return flags;
}

}  // namespace memscale
