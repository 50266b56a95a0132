#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <vector>

#include "memscale/store/file.hpp"
#include "memscale/store/store_path.hpp"

namespace memscale {

/// Which trials were at work when their ranks died, over all runs of a store: the file `attempts` in the journal's
/// folder, gone with it. Lines "deaths ID N"; "at-work RANK ID ..."; "idle RANK ..."; "end"; and of the ranks
/// themselves (see DepartureLine) "here RANK" and "left RANK". What a line says outlives the process, not the machine.
/// Of a run without "end" those ranks died that were here, at work, and had not left: one of them, which takes the
/// others along in order, or all where everything was killed at once, and then any of their trials may be why.
class AttemptLog {
 public:
  /// Reads what earlier runs left and begins this run's log. A file that cannot be read counts as none; where none can
  /// be written (a full disk), this run has none.
  explicit AttemptLog(const StorePath& path);

  /// Deaths by trial id, of those that have any.
  const std::map<std::uint64_t, int>& deaths() const { return deaths_; }
  /// The trial is no longer to blame (it has a result).
  void forget(std::uint64_t trial_id) { deaths_.erase(trial_id); }

  void at_work(std::span<const int> ranks, std::span<const std::uint64_t> trial_ids);
  void idle(std::span<const int> ranks);
  /// The run ends in order.
  void end();

 private:
  void read(const std::filesystem::path& file);
  void begin(const std::filesystem::path& file);
  void write(const std::string& lines);

  std::filesystem::path path_;
  FileDescriptor file_;
  std::map<std::uint64_t, int> deaths_;
  bool failed_ = false;  ///< the disk is full, say: results matter more
};

/// What a rank writes into the log itself, to be told from one that died: "here RANK" now, and "left RANK" by
/// write_left, which a signal handler may call.
class DepartureLine {
 public:
  /// The log beside the store's snapshot. Where it cannot be written (no shared file system), the rank is never blamed.
  DepartureLine(const std::filesystem::path& snapshot, int rank);
  void write_left() const noexcept;

 private:
  FileDescriptor file_;
  std::array<char, 32> text_{};
  std::size_t size_ = 0;
};

/// Removes the log of a complete store. Throws std::system_error.
void remove_attempts(const StorePath& path);

}  // namespace memscale
