#include "memscale/schedule/assignment.hpp"

#include "memscale/schedule/cost_model.hpp"

namespace memscale {

double shared_seconds(const Assignment& assignment) {
  const auto ranks = static_cast<double>(assignment.ranks.size());
  if (ranks == 1) return assignment.seconds;
  const double share = divisible_share(assignment.trials.front());
  return assignment.seconds * (share / ranks + 1 - share);
}

}  // namespace memscale
