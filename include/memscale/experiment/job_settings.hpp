#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "memscale/experiment/axis.hpp"
#include "memscale/experiment/job_keys.hpp"

namespace memscale {

/// What a job says of one key, and where ("fig2.cfg:3: "; empty for a flag).
struct JobSetting {
  std::string text;
  std::string where;
};
/// By key, "grid.d".
using JobSettings = std::map<std::string, JobSetting, std::less<>>;

/// The keys that flags give. Throws InputError for what is not "--section.key value" or "--section.key=value" of a
/// known key, each once.
JobSettings read_flags(const std::vector<std::string>& flags);

/// The keys that a job file's text and flags give; flags win. `name` begins the messages about the text. Throws
/// InputError as read_job does.
JobSettings read_settings(const std::string& text, const std::string& name, const std::vector<std::string>& flags);

/// "--grid.d 64,128 --train.eta 2*sqrt(d)": ascending by key, values without their blanks, which mean nothing.
std::string flags_text(const JobSettings& flags);

/// The axis that `settings` or else the key's fallback give to `key`. Throws InputError, also where neither does.
Axis axis_of(const JobKey& key, const JobSettings& settings);

/// The optimizers of [grid], in order.
std::vector<OptimizerKind> optimizers_of(const JobSettings& settings);

}  // namespace memscale
