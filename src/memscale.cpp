#include <array>
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "memscale/commands/explain.hpp"
#include "memscale/commands/export_table.hpp"
#include "memscale/commands/merge.hpp"
#include "memscale/commands/plan.hpp"
#include "memscale/commands/prune.hpp"
#include "memscale/commands/replay.hpp"
#include "memscale/commands/run.hpp"
#include "memscale/commands/say.hpp"
#include "memscale/commands/slurm.hpp"
#include "memscale/commands/status.hpp"
#include "memscale/commands/verify.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/core/launcher.hpp"
#include "memscale/core/standard_streams.hpp"
#include "memscale/linalg/blas_kernel.hpp"

namespace memscale {

namespace {

constexpr std::array commands{plan_verb,  run_verb,   slurm_verb,  status_verb, explain_verb,
                              merge_verb, prune_verb, export_verb, verify_verb, replay_verb};

void print_usage() {
  std::printf("usage: memscale COMMAND ...\n\n");
  for (const Command& command : commands)
    std::printf("  %.*s %.*s\n      %.*s\n", static_cast<int>(command.name.size()), command.name.data(),
                static_cast<int>(command.usage.size()), command.usage.data(), static_cast<int>(command.purpose.size()),
                command.purpose.data());
  std::printf("\n  memscale COMMAND --help says more; memscale --version names the version.\n");
}

int run_command(const std::vector<std::string>& arguments) {
  const bool uses_ranks = !arguments.empty() && arguments.front() == run_verb.name;
  if (!uses_ranks && !is_first_rank()) return exit_done;  // one rank does it, and says it
  if (arguments.empty()) throw InputError("missing COMMAND (memscale --help lists them)");
  const std::string& name = arguments.front();
  if (name == "--help" || name == "-h") {
    print_usage();
    return exit_done;
  }
  if (name == "--version") {
    std::printf("memscale %s\n", MEMSCALE_VERSION);
    return exit_done;
  }
  std::string names;
  for (const Command& command : commands) {
    if (name == command.name) return command.run({arguments.begin() + 1, arguments.end()});
    names.append(names.empty() ? "" : ", ").append(command.name);
  }
  throw invalid("command", name, "must be one of " + names);
}

}  // namespace

}  // namespace memscale

int main(int argc, char** argv) {
  try {
    memscale::open_standard_streams();
    std::signal(SIGXFSZ, SIG_IGN);  // a file as large as it may be is an error of that write, as a full disk is
    memscale::ensure_fast_blas(argv);
    const int status = memscale::run_command({argv + 1, argv + argc});
    if (memscale::flush_standard_output()) return status;
    memscale::say("standard output cannot be written");
    return status == memscale::exit_done ? memscale::exit_failures : status;
  } catch (const memscale::InputError& error) {
    memscale::say(error.what());
    return memscale::exit_bad_input;
  } catch (const std::exception& error) {
    memscale::say(error.what());
    return memscale::exit_failures;
  }
}
