#include "memscale/commands/progress.hpp"

#include <unistd.h>

#include <cstdio>

#include "memscale/commands/say.hpp"
#include "memscale/commands/time_text.hpp"

namespace memscale {

namespace {

constexpr double terminal_interval = 0.2;  // five a second read as motion

std::chrono::steady_clock::duration of_seconds(double seconds) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(seconds));
}

}  // namespace

double log_interval(double elapsed_seconds) {
  return elapsed_seconds < 600 ? 30 : 300;
}

std::string eta_text(double seconds, std::optional<double> error) {
  return "ETA " + clock_text(seconds) + (error ? " +- " + clock_text(*error) : "");
}

Progress::Progress(std::size_t total, std::size_t stored)
    : total_(total), stored_(stored), terminal_(isatty(STDERR_FILENO) == 1) {
  due_ = started_ + of_seconds(terminal_ ? 0 : log_interval(0));
}

void Progress::add(std::size_t total, std::size_t stored) {
  total_ += total;
  stored_ += stored;
}

double Progress::elapsed_seconds() const {
  return std::chrono::duration<double>(Clock::now() - started_).count();
}

std::string Progress::line(const RunProgress& progress, double elapsed_seconds) const {
  const std::size_t done = stored_ + progress.synced;
  char percent[32];
  std::snprintf(percent, sizeof percent, "%.1f", 100.0 * static_cast<double>(done) / static_cast<double>(total_));
  std::string line = std::to_string(done) + '/' + std::to_string(total_) + " trials (" + percent + "%)";
  if (progress.running > 0) line += ", " + std::to_string(progress.running) + " running";
  if (progress.synced > 0)
    line += ", " + brief_text(static_cast<double>(progress.synced) / elapsed_seconds) + " a second";
  if (progress.eta_seconds) line += ", " + eta_text(*progress.eta_seconds, progress.eta_error);
  return line;
}

void Progress::show_if_due(const RunProgress& progress) {
  const auto now = Clock::now();
  if (now < due_) return;
  due_ = now + of_seconds(terminal_ ? terminal_interval : log_interval(elapsed_seconds()));
  draw(line(progress, elapsed_seconds()));
}

void Progress::finish(std::size_t synced) {
  draw(line({.synced = synced}, elapsed_seconds()));
  break_line();
}

void Progress::break_line() {
  if (line_open_) std::fputc('\n', stderr);
  line_open_ = false;
}

void Progress::draw(const std::string& line) {
  line_open_ = terminal_;
  if (terminal_)
    std::fprintf(stderr, "\r\033[Kmemscale: %s", line.c_str());
  else
    say(line);
}

}  // namespace memscale
