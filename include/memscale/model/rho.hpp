#pragma once

#include "memscale/model/orthogonal_memory.hpp"

namespace memscale {

/// rho_eps = min_k f_k at the smallest eta > 0 where max_k f_k >= 1 - eps, f_k being the correct outputs' probabilities
/// of the scores eta * update: how far the last item is once the first is learnt (arXiv 2509.26030). 0 < eps < 1. NaN
/// where no eta is large enough. A memory of one item has f = 1 at eta = 0: 1.
double rho(const OrthogonalMemory& memory, const Matrix& update, double eps, ThreadTeam& team);

}  // namespace memscale
