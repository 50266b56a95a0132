#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace memscale {

/// What a script asks SLURM for, and what it runs. Texts hold no control characters; those of `#SBATCH` lines need no
/// quotes there.
struct BatchJob {
  std::string name;
  std::int64_t nodes = 1;
  std::int64_t ranks = 0;  ///< of all nodes; 0: whole nodes with their memory, a rank for each `threads` of their cores
  std::int64_t threads = 1;
  std::string time, partition, account, memory_per_cpu;  ///< as SLURM takes them; may be empty
  std::vector<std::string> extra;                        ///< further lines, "#SBATCH --qos=long"
  bool self_requeue = false;         ///< the script has itself requeued while work is left; else it ends with status 75
  bool until_end = true;             ///< `--walltime slurm` is given to the command
  std::vector<std::string> command;  ///< program and arguments of each rank
};

/// The script for sbatch. mpirun takes the place of the shell, so that SLURM's USR1 before the time limit reaches the
/// ranks, and ends with their status.
std::string batch_script(const BatchJob& job);

/// `word` as a POSIX shell reads it back: as it is, or in single quotes.
std::string shell_quoted(std::string_view word);

}  // namespace memscale
