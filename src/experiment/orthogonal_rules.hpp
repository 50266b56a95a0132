#pragma once

#include "memscale/experiment/trial.hpp"

namespace memscale {

/// What canonical() does with the problem of an orthogonal memory: checks it, and settles what is automatic or does not
/// matter. Throws InputError.
void settle_orthogonal(Trial& trial);

}  // namespace memscale
