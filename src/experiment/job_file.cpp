#include "memscale/experiment/job_file.hpp"

#include "memscale/core/error.hpp"
#include "memscale/experiment/job_keys.hpp"
#include "memscale/experiment/job_parameters.hpp"
#include "memscale/experiment/job_settings.hpp"
#include "memscale/experiment/job_text.hpp"
#include "memscale/experiment/run_policy.hpp"

namespace memscale {

namespace {

/// N is another number for gaussian memories alone.
void refuse_items_of_orthogonal(const JobSettings& settings) {
  const auto items = settings.find("problem.items");
  const auto model = settings.find("problem.model");
  if (items != settings.end() && model != settings.end() && model->second.text == "orthogonal")
    throw InputError(items->second.where + invalid("problem.items", items->second.text,
                                                   "must not be given for model = orthogonal: its items are grid.d")
                                               .what());
}

Grid grid_of(const JobSettings& settings) {
  refuse_items_of_orthogonal(settings);
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

}  // namespace

Grid parse_grid(const std::string& text, const std::string& name, const std::vector<std::string>& flags) {
  return grid_of(read_settings(text, name, flags));
}

Job read_job(const std::filesystem::path& file, const std::vector<std::string>& flags) {
  Job job;
  job.text = read_job_text(file);
  const JobSettings settings = read_settings(job.text, printable(file.filename().string()), flags);
  job.policy = run_policy(settings);
  TrialList list = expand(grid_of(settings));
  job.trials = std::move(list.trials);
  job.ids = std::move(list.ids);
  if (job.policy.target_ci.given()) require_attainable(job.policy.target_ci, job.policy.max_seeds, job.trials);
  JobSettings changing = read_flags(flags);
  std::erase_if(changing, [](const auto& flag) { return flag.first.starts_with("run."); });
  job.flags = flags_text(changing);
  job.parameters = job_parameters(job.text, flags);
  return job;
}

}  // namespace memscale
