#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace memscale {

/// How far a run is at one moment.
struct RunProgress {
  std::size_t synced = 0;   ///< results of this run that are safe on disk
  std::size_t running = 0;  ///< trials at work
  std::optional<double> eta_seconds = std::nullopt;
  std::optional<double> eta_error = std::nullopt;
};

/// Tells how far a run has come: one line on stderr, redrawn in place on a terminal; else a plain line now and then,
/// the more seldom the longer the run goes on.
class Progress {
 public:
  /// `total` trials, of which `stored` were done before.
  Progress(std::size_t total, std::size_t stored);

  /// More trials have come, of which `stored` were done before.
  void add(std::size_t total, std::size_t stored);

  /// Shows the line if the last is old enough.
  void show_if_due(const RunProgress& progress);
  /// Shows the last line, without an ETA, and ends it.
  void finish(std::size_t synced);
  /// Ends a line that is being redrawn, so that a message can follow.
  void break_line();

  /// "120/1680 trials (7.1%), 63 running, 3.4 a second, ETA 0:38:12 +- 0:06:00"
  std::string line(const RunProgress& progress, double elapsed_seconds) const;

 private:
  using Clock = std::chrono::steady_clock;
  double elapsed_seconds() const;
  void draw(const std::string& line);

  std::size_t total_, stored_;
  bool terminal_;
  bool line_open_ = false;
  Clock::time_point started_ = Clock::now();
  Clock::time_point due_;
};

/// "ETA 0:38:12 +- 0:06:00"
std::string eta_text(double seconds, std::optional<double> error);

/// Seconds to the next line of a log, after so many of the run: a night's log stays readable.
double log_interval(double elapsed_seconds);

}  // namespace memscale
