#include "memscale/experiment/run_policy.hpp"

#include "memscale/core/duration.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

/// A whole number, or `word`, which stands for `meaning`.
std::int64_t integer_or(std::string_view key, std::string_view text, std::int64_t low, std::int64_t high,
                        std::string_view word, std::int64_t meaning) {
  if (!word.empty() && text == word) return meaning;
  std::string why = "must be a whole number between " + to_text(low) + " and " + to_text(high);
  if (!word.empty()) why.append(", or ").append(word);
  std::int64_t value = 0;
  try {
    value = parse_integer(key, text);
  } catch (const InputError&) {
    throw invalid(key, text, why);
  }
  if (value < low || value > high) throw invalid(key, text, why);
  return value;
}

}  // namespace

void set_policy(RunPolicy& policy, std::string_view key, std::string_view text) {
  constexpr std::int64_t most = 1'000'000;
  if (key == "on-error") {
    if (text != "continue" && text != "abort") throw invalid(key, text, "must be continue or abort");
    policy.on_error = text == "abort" ? OnError::abort : OnError::go_on;
  } else if (key == "max-fails") {
    policy.max_fails.reset();
    if (const auto fails = integer_or(key, text, 1, 1'000'000'000, "none", 0); fails > 0)
      policy.max_fails = static_cast<std::size_t>(fails);
  } else if (key == "retry") {
    policy.retry = static_cast<int>(integer_or(key, text, 0, 100, "", 0));
  } else if (key == "trial-timeout") {
    policy.trial_timeout = text == "none" ? std::numeric_limits<double>::infinity() : parse_duration(key, text);
  } else if (key == "ranks-per-trial") {
    policy.ranks_per_trial = static_cast<int>(integer_or(key, text, 1, most, "auto", 0));
  } else if (key == "walltime") {
    policy.walltime_of_slurm = text == "slurm";
    policy.walltime.reset();
    if (text != "slurm" && text != "none") policy.walltime = parse_duration(key, text);
  } else if (key == "grace") {
    policy.grace = parse_duration(key, text);
  } else if (key == "checkpoint") {
    policy.checkpoint_seconds = parse_duration(key, text);
  } else if (key == "quarantine") {
    policy.quarantine = static_cast<int>(integer_or(key, text, 1, most, "never", 0));
  } else if (key == "target-ci") {
    policy.target_ci = parse_ci_targets(key, text);
  } else if (key == "max-seeds") {
    policy.max_seeds = integer_or(key, text, 2, most, "", 0);
  }
}

RunPolicy run_policy(const JobSettings& settings) {
  RunPolicy policy;
  for (const JobKey& key : job_keys()) {
    const auto found = settings.find(key.name);
    if (key.section() != "run" || found == settings.end()) continue;
    try {
      set_policy(policy, key.leaf(), found->second.text);
    } catch (const InputError& error) {
      throw InputError(found->second.where + error.what());
    }
  }
  const auto max_seeds = settings.find("run.max-seeds");
  if (max_seeds != settings.end() && !settings.contains("run.target-ci"))
    throw InputError(max_seeds->second.where +
                     invalid("max-seeds", max_seeds->second.text, "must come with a target-ci").what());
  return policy;
}

}  // namespace memscale
