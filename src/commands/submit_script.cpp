#include "memscale/commands/submit_script.hpp"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "memscale/core/error.hpp"
#include "memscale/linalg/blas_kernel.hpp"
#include "memscale/store/file.hpp"

namespace memscale {

namespace {

/// A file in memory that is read from its beginning.
FileDescriptor file_of(const std::string& text) {
  FileDescriptor file(::memfd_create("sbatch-script", MFD_CLOEXEC));
  if (!file) throw_system_error(errno, "create", "sbatch-script");
  write_all(file, std::as_bytes(std::span(text)), "sbatch-script");
  if (::lseek(file.get(), 0, SEEK_SET) != 0) throw_system_error(errno, "rewind", "sbatch-script");
  return file;
}

/// Starts `program` with `input` as its standard input. Returns an errno value.
int start(const char* program, const FileDescriptor& input, pid_t& child) {
  posix_spawn_file_actions_t actions;
  int error = posix_spawn_file_actions_init(&actions);
  if (error != 0) return error;
  error = posix_spawn_file_actions_adddup2(&actions, input.get(), STDIN_FILENO);
  std::string name = program;
  char* const arguments[] = {name.data(), nullptr};
  if (error == 0) error = posix_spawnp(&child, program, &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

void submit_script(const std::string& script) {
  forget_restart();  // sbatch hands its environment on to the job
  const FileDescriptor input = file_of(script);
  std::fflush(stdout);
  pid_t child = 0;
  const int error = start("sbatch", input, child);
  if (error == ENOENT)
    throw InputError("sbatch is not found: is this a machine of a SLURM cluster? (--dry-run prints the script)");
  if (error != 0) throw std::system_error(error, std::generic_category(), "sbatch");
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error("sbatch did not take the job (see above)");
}

}  // namespace memscale
