#include "programs.hpp"

#include <cmath>
#include <fstream>
#include <stdexcept>

namespace memscale::bench {

namespace {

/// sh -c 'exec COMMAND' with its output in `log`.
Command logged(const Command& command, const std::filesystem::path& log) {
  Command words{"sh", "-c", R"(exec "$@" >"$0" 2>&1)", log.string()};
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

std::string last_line(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string last;
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) last = line;
  return last;
}

}  // namespace

std::string program(const std::string& name) {
  return (std::filesystem::canonical("/proc/self/exe").parent_path() / name).string();
}

Command on_ranks(int ranks, Command command) {
  command.insert(command.begin(), {"mpirun", "-n", std::to_string(ranks)});
  return command;
}

nlohmann::json reply_of(const Command& command) {
  Companion process(command);
  nlohmann::json reply = *process.next(HUGE_VAL);
  process.finish();
  return reply;
}

QuietRun::QuietRun(const Command& command, const std::filesystem::path& log)
    : log_(log), process_(logged(command, log)) {}

void QuietRun::finish() {
  try {
    process_.finish();
  } catch (const std::exception& error) {
    throw std::runtime_error(std::string(error.what()) + ": " + last_line(log_));
  }
}

}  // namespace memscale::bench
