#pragma once

#include "memscale/commands/command.hpp"

namespace memscale {

/// `memscale slurm`: submits a run to SLURM, or prints the script that it would submit.
int slurm(const std::vector<std::string>& arguments);

inline constexpr Command slurm_verb{
    "slurm", "JOB [-o STORE] [--dry-run] [--nodes N] [--ranks N] [--time T] ... [--section.key value ...] [-- ...]",
    "submits a run to SLURM, or prints the script", slurm};

}  // namespace memscale
