#include "memscale/experiment/trace_length.hpp"

#include <algorithm>

#include "memscale/experiment/model_fields.hpp"

namespace memscale {

bool is_by_step(std::string_view name) {
  return name != "group_loss";
}

std::size_t trace_length(std::string_view name, const Trial& trial, std::int64_t steps_done) {
  const auto steps = static_cast<std::size_t>(std::max<std::int64_t>(steps_done, 0));
  if (trial.model != ModelKind::orthogonal && is_orthogonal_only<Trace>(name)) return 0;
  return is_by_step(name) ? steps : group_loss_steps(steps_done).size() * group_bins(trial).size();
}

std::vector<std::int64_t> group_loss_steps(std::int64_t steps_done) {
  std::vector<std::int64_t> steps;
  if (steps_done < 1) return steps;
  for (const RankBin& bin : recall_bins(steps_done)) steps.push_back(bin.low);
  if (steps.back() != steps_done) steps.push_back(steps_done);
  return steps;
}

std::vector<RankBin> group_bins(const Trial& trial) {
  return trial.groups < 1 ? std::vector<RankBin>{} : recall_bins(trial.groups);
}

}  // namespace memscale
