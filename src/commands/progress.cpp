#include "memscale/commands/progress.hpp"

#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdio>

#include "memscale/commands/say.hpp"

namespace memscale {

namespace {

using namespace std::chrono_literals;
constexpr auto terminal_interval = 200ms;  // five a second read as motion
constexpr auto plain_interval = 30s;       // a night's log stays readable

template <class... Values>
std::string format(const char* pattern, Values... values) {
  std::array<char, 160> text{};
  std::snprintf(text.data(), text.size(), pattern, values...);
  return text.data();
}

}  // namespace

std::string clock_text(double seconds) {
  const auto s = static_cast<long long>(std::llround(seconds));
  return format("%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
}

Progress::Progress(std::size_t total, std::size_t stored, double cost_to_run)
    : total_(total), stored_(stored), cost_to_run_(cost_to_run), terminal_(isatty(STDERR_FILENO) == 1) {
  due_ = terminal_ ? started_ : started_ + plain_interval;
}

double Progress::elapsed_seconds() const {
  return std::chrono::duration<double>(Clock::now() - started_).count();
}

std::string Progress::count_text(std::size_t synced, double elapsed_seconds) const {
  const std::size_t done = stored_ + synced;
  std::string line =
      format("%zu/%zu trials (%.1f%%)", done, total_, 100.0 * static_cast<double>(done) / static_cast<double>(total_));
  if (synced == 0) return line;
  const double rate = static_cast<double>(synced) / elapsed_seconds;
  return line + format(rate < 100 ? ", %.3g a second" : ", %.0f a second", rate);
}

std::string Progress::eta_text(double elapsed_seconds) const {
  if (cost_finished_ == 0) return "";
  // Later trials cost less than the first: trials counted in time, not in cost, would promise too late an end.
  return ", ETA " + clock_text(elapsed_seconds * std::fmax(0, cost_to_run_ - cost_finished_) / cost_finished_);
}

void Progress::show_if_due(std::size_t synced) {
  const auto now = Clock::now();
  if (now < due_) return;
  if (terminal_)
    due_ = now + terminal_interval;
  else
    due_ = now + plain_interval;
  draw(count_text(synced, elapsed_seconds()) + eta_text(elapsed_seconds()));
}

void Progress::finish(std::size_t synced) {
  draw(count_text(synced, elapsed_seconds()));
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
