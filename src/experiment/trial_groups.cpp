#include "memscale/experiment/trial_groups.hpp"

namespace memscale {

ItemGroups groups_of(const Trial& t) {
  return t.frequencies == FrequencyKind::two_groups ? two_groups(t.d, t.head_mass, t.head_share)
                                                    : zipf_groups(t.d, t.groups, t.alpha);
}

}  // namespace memscale
