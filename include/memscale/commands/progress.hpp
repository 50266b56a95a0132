#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace memscale {

/// How far a run has come: one line on stderr, redrawn in place on a terminal, else a plain line now and then.
class Progress {
 public:
  /// `total` trials, of which `stored` were done before; those to run have this expected cost together.
  Progress(std::size_t total, std::size_t stored, double cost_to_run);

  /// A trial of this expected cost has come back.
  void add_finished(double cost) { cost_finished_ += cost; }
  /// Shows the line if the last is old enough. `synced`: results of this run that are safe on disk.
  void show_if_due(std::size_t synced);
  /// Shows the last line, without an ETA, and ends it.
  void finish(std::size_t synced);
  /// Ends a line that is being redrawn, so that a message can follow.
  void break_line();

  /// "120/1680 trials (7.1%), 3.4 a second"
  std::string count_text(std::size_t synced, double elapsed_seconds) const;
  /// ", ETA 0:38:12"; empty while no trial has come back.
  std::string eta_text(double elapsed_seconds) const;

 private:
  using Clock = std::chrono::steady_clock;
  double elapsed_seconds() const;
  void draw(const std::string& line);

  std::size_t total_, stored_;
  double cost_to_run_;
  double cost_finished_ = 0;
  bool terminal_;
  bool line_open_ = false;
  Clock::time_point started_ = Clock::now();
  Clock::time_point due_;
};

/// "1:02:03"
std::string clock_text(double seconds);

}  // namespace memscale
