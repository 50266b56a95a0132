#include "memscale/commands/stop_signals.hpp"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "memscale/core/exit_status.hpp"

namespace memscale {

namespace {

volatile std::sig_atomic_t stop_now = 0;
volatile std::sig_atomic_t drain = 0;
volatile std::sig_atomic_t commit = 0;

std::atomic<const DepartureLine*> departure{nullptr};
static_assert(std::atomic<const DepartureLine*>::is_always_lock_free);

void write_departure() {
  if (const DepartureLine* line = departure) line->write_left();
}

void note(int signal) {
  const bool drains = signal == SIGUSR1 || signal == SIGINT;
  if (!drains || drain) write_departure();  // a second one ends at once
  if (drains)
    (drain ? stop_now : drain) = 1;
  else if (signal == SIGCONT)
    commit = 1;
  else
    stop_now = 1;
}

void leave(int) {
  write_departure();
  _exit(exit_work_left);
}

void set_handler(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;  // nothing of the run is to fail with EINTR
  sigemptyset(&action.sa_mask);
  if (sigaction(signal, &action, nullptr) != 0) throw std::system_error(errno, std::generic_category(), "sigaction");
}

bool is_ignored(int signal) {
  struct sigaction action {};
  if (sigaction(signal, nullptr, &action) != 0) throw std::system_error(errno, std::generic_category(), "sigaction");
  return action.sa_handler == SIG_IGN;
}

}  // namespace

void watch_stop_signals() {
  for (int signal : {SIGTERM, SIGINT}) set_handler(signal, leave);
  if (!is_ignored(SIGHUP)) set_handler(SIGHUP, leave);
  for (int signal : {SIGUSR1, SIGCONT}) set_handler(signal, note);
  set_handler(SIGPIPE, SIG_IGN);
}

void defer_stop_signals() {
  for (int signal : {SIGTERM, SIGINT}) set_handler(signal, note);
  if (!is_ignored(SIGHUP)) set_handler(SIGHUP, note);
}

StopRequest stop_requested() {
  if (stop_now) return StopRequest::now;
  return drain ? StopRequest::drain : StopRequest::none;
}

bool take_commit_request() {
  const bool requested = commit != 0;
  commit = 0;
  return requested;
}

void write_departure_at_signals(const DepartureLine& line) {
  departure = &line;
}

void follow_leader_signals() {
  set_handler(SIGTERM, leave);
  if (!is_ignored(SIGHUP)) set_handler(SIGHUP, leave);
  for (int signal : {SIGINT, SIGUSR1, SIGPIPE}) set_handler(signal, SIG_IGN);
}

}  // namespace memscale
