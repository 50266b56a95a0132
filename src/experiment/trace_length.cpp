#include "memscale/experiment/trace_length.hpp"

#include <algorithm>

namespace memscale {

std::size_t trace_length(std::string_view name, const Trial& trial, std::int64_t steps_done) {
  const auto steps = static_cast<std::size_t>(std::max<std::int64_t>(steps_done, 0));
  const bool of_groups = name == "group_loss";
  const bool of_orthogonal = of_groups || name == "gap" || name == "min_probability" || name == "max_probability";
  if (of_orthogonal && trial.model != ModelKind::orthogonal) return 0;
  return of_groups ? group_loss_steps(steps_done).size() * group_bins(trial).size() : steps;
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
