#pragma once

#include <atomic>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <string>

#include "memscale/store/provenance.hpp"
#include "memscale/store/record_source.hpp"

namespace memscale {

/// A snapshot in the making on a thread of its own. No other thread may call HDF5 meanwhile.
class BackgroundSnapshot {
 public:
  BackgroundSnapshot() = default;
  /// Gives the snapshot up, see cancel.
  ~BackgroundSnapshot() { cancel(); }
  BackgroundSnapshot(const BackgroundSnapshot&) = delete;
  BackgroundSnapshot& operator=(const BackgroundSnapshot&) = delete;

  /// Begins; none may be at work. `entries` in any order.
  void start(std::filesystem::path path, Provenance provenance, RecordSource source);

  bool is_at_work() const { return result_.valid(); }

  /// How one that was at work ended, told once: an empty text for success, else why not. Nothing while it works.
  std::optional<std::string> take_result();

  /// Ends one that is at work soon, and waits until it has. Returns whether the new snapshot stands after all.
  bool cancel();

 private:
  std::future<std::string> result_;
  std::shared_ptr<std::atomic<bool>> cancelled_;
};

}  // namespace memscale
