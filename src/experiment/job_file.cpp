#include "memscale/experiment/job_file.hpp"

#include "memscale/core/error.hpp"
#include "memscale/experiment/job_keys.hpp"
#include "memscale/experiment/job_parameters.hpp"
#include "memscale/experiment/job_settings.hpp"
#include "memscale/experiment/job_text.hpp"

namespace memscale {

Grid parse_grid(const std::string& text, const std::string& name, const std::vector<std::string>& flags) {
  const JobSettings settings = read_settings(text, name, flags);
  Grid grid;
  for (const JobKey& key : job_keys()) {
    if (key.fallback == as_train && !settings.contains(key.name)) continue;
    if (key.name == optimizer_key) {
      grid.optimizers = optimizers_of(settings);
      continue;
    }
    Axis axis = axis_of(key, settings);
    if (const auto owner = find_enum<OptimizerKind>(key.section()))
      grid.own[*owner].push_back(std::move(axis));
    else
      grid.common.push_back(std::move(axis));
  }
  return grid;
}

Job read_job(const std::filesystem::path& file, const std::vector<std::string>& flags) {
  Job job;
  job.text = read_job_text(file);
  TrialList list = expand(parse_grid(job.text, printable(file.filename().string()), flags));
  job.trials = std::move(list.trials);
  job.ids = std::move(list.ids);
  job.flags = flags_text(read_flags(flags));
  job.parameters = job_parameters(job.text, flags);
  return job;
}

}  // namespace memscale
