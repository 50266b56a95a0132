#include "companion.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "machine.hpp"

namespace memscale::bench {

namespace {

void require(int error, const std::string& what) {
  if (error != 0) throw std::runtime_error(what + " (" + std::strerror(error) + ")");
}

struct Pipe {
  Pipe() { require(pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno, "no pipe"); }
  ~Pipe() {
    for (const int end : ends)
      if (end >= 0) close(end);
  }
  int release(int end) { return std::exchange(ends[end], -1); }
  int ends[2];
};

struct SpawnActions {
  SpawnActions() { require(posix_spawn_file_actions_init(&actions), "no process"); }
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions); }
  posix_spawn_file_actions_t actions;
};

}  // namespace

Companion::Companion(const std::vector<std::string>& command) {
  signal(SIGPIPE, SIG_IGN);  // a companion that ended is an error of write()
  Pipe requests, replies;
  SpawnActions spawn;
  require(posix_spawn_file_actions_adddup2(&spawn.actions, requests.ends[0], STDIN_FILENO), "no process");
  require(posix_spawn_file_actions_adddup2(&spawn.actions, replies.ends[1], STDOUT_FILENO), "no process");
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  require(posix_spawnp(&pid_, words[0], &spawn.actions, nullptr, words.data(), environ), "cannot start " + command[0]);
  to_ = requests.release(1);
  from_ = replies.release(0);
}

Companion::Companion(Companion&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      to_(std::exchange(other.to_, -1)),
      from_(std::exchange(other.from_, -1)),
      received_(std::move(other.received_)) {}

Companion::~Companion() {
  if (to_ >= 0) close(to_);
  if (from_ >= 0) close(from_);
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
}

nlohmann::json Companion::ask(const nlohmann::json& request) {
  const std::string line = request.dump() + '\n';
  for (std::size_t sent = 0; sent < line.size();) {
    const ssize_t count = write(to_, line.data() + sent, line.size() - sent);
    if (count < 0 && errno != EINTR) throw std::runtime_error("it ended");
    if (count > 0) sent += static_cast<std::size_t>(count);
  }
  return *next(HUGE_VAL);
}

std::optional<nlohmann::json> Companion::next(double seconds) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  for (;;) {
    if (const auto end = received_.find('\n'); end != std::string::npos) {
      const auto reply = nlohmann::json::parse(received_.substr(0, end));
      received_.erase(0, end + 1);
      return reply;
    }
    int wait = -1;
    if (std::isfinite(seconds)) {
      const double left = seconds - std::chrono::duration<double>(Clock::now() - start).count();
      if (left <= 0) return std::nullopt;
      wait = static_cast<int>(std::ceil(left * 1000));
    }
    pollfd ready{.fd = from_, .events = POLLIN, .revents = 0};
    const int polled = poll(&ready, 1, wait);
    if (polled < 0 && errno != EINTR) throw std::runtime_error(std::strerror(errno));
    if (polled <= 0) continue;
    char bytes[4096];
    const ssize_t count = read(from_, bytes, sizeof bytes);
    if (count == 0) throw std::runtime_error("it ended");
    if (count > 0) received_.append(bytes, static_cast<std::size_t>(count));
  }
}

void Companion::finish() {
  close(std::exchange(to_, -1));
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0)
    if (errno != EINTR) throw std::runtime_error(std::strerror(errno));
  pid_ = -1;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  throw std::runtime_error(WIFEXITED(status) ? "exit status " + std::to_string(WEXITSTATUS(status))
                                             : "ended by signal " + std::to_string(WTERMSIG(status)));
}

double Companion::peak_memory() const {
  return bench::peak_memory(std::to_string(pid_));
}

}  // namespace memscale::bench
