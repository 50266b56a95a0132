#include "memscale/commands/batch_script.hpp"

#include "memscale/core/text.hpp"

namespace memscale {

namespace {

// The seconds before the time limit at which SLURM sends USR1; it may come up to a minute earlier.
constexpr std::string_view signal_line = "#SBATCH --signal=B:USR1@120\n";

std::string option(std::string_view name, std::string_view value) {
  return value.empty() ? "" : "#SBATCH --" + std::string(name) + '=' + std::string(value) + '\n';
}

std::string resources(const BatchJob& job) {
  std::string text = option("nodes", to_text(job.nodes));
  if (job.ranks == 0) return text + "#SBATCH --exclusive\n" + (job.memory_per_cpu.empty() ? "#SBATCH --mem=0\n" : "");
  text += option("ntasks", to_text(job.ranks));
  return job.threads == 1 ? text : text + option("cpus-per-task", to_text(job.threads));
}

/// SLURM tells mpirun how many ranks there are, one for each CPU of whole nodes.
std::string mpirun(const BatchJob& job) {
  if (job.threads == 1) return "mpirun -q";
  const std::string unbound = " --bind-to none";  // else all threads of a rank could share one core
  if (job.ranks > 0) return "mpirun -q" + unbound;
  return "mpirun -q --map-by \"ppr:$((SLURM_CPUS_ON_NODE / " + to_text(job.threads) + ")):node\"" + unbound;
}

std::string command_line(const BatchJob& job) {
  std::string text = mpirun(job);
  for (const std::string& word : job.command) text += ' ' + shell_quoted(word);
  return job.until_end ? text + " ${SLURM_JOB_END_TIME:+--walltime slurm}" : text;
}

constexpr std::string_view end_time =
    "# When the job ends: some versions of SLURM (22.05) do not say so.\n"
    "end=$(SLURM_TIME_FORMAT=%s squeue -h -j \"$SLURM_JOB_ID\" -o %e |\n"
    "  awk -v now=\"$(date +%s)\" '$1 + 0 > now')  # none for a job without a limit\n"
    "export SLURM_JOB_END_TIME=${SLURM_JOB_END_TIME:-$end}\n";

constexpr std::string_view await_and_requeue =
    "run=$!\n"
    "status=138\n"
    "while [ \"$status\" -eq 138 ]; do  # what wait says when USR1 has come\n"
    "  wait \"$run\"\n"
    "  status=$?\n"
    "done\n"
    "[ \"$status\" -ne 75 ] || scontrol requeue \"$SLURM_JOB_ID\"\n"
    "exit \"$status\"\n";

}  // namespace

std::string batch_script(const BatchJob& job) {
  std::string text = "#!/bin/bash\n" + option("job-name", job.name) + resources(job) + option("time", job.time) +
                     option("partition", job.partition) + option("account", job.account) +
                     option("mem-per-cpu", job.memory_per_cpu) + "#SBATCH --requeue\n#SBATCH --open-mode=append\n" +
                     std::string(signal_line);
  for (const std::string& line : job.extra) text += line + '\n';
  text += '\n';
  if (job.until_end) text.append(end_time) += '\n';
  if (!job.self_requeue)
    return text +
           "# Ends with status 75 while work is left: where the site sets RequeueExit=75, SLURM runs it again; else\n"
           "# submit it again. exec: USR1, 120 s before the time limit, must reach mpirun.\n"
           "exec " +
           command_line(job) + '\n';
  return text + "# USR1 comes 120 s before the time limit; while work is left, the job goes back to the queue.\n" +
         "trap 'kill -USR1 \"$run\"' USR1\n" + command_line(job) + " &\n" + std::string(await_and_requeue);
}

std::string shell_quoted(std::string_view word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

}  // namespace memscale
