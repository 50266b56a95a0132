#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

#include "memscale/store/file.hpp"

namespace memscale {

/// What a child process may take.
struct ChildLimits {
  std::uint64_t memory = 0;   ///< bytes of address space beyond what this process has; sanitizers cannot limit it
  std::uint64_t seconds = 0;  ///< of processor time
  std::uint64_t wait = 0;     ///< seconds until it is killed, whatever it does
};

/// A process that does work which may crash, and writes what it finds to a pipe. It is killed when this process ends.
class Child {
 public:
  /// Starts `work` with the pipe to write to, stdout and stderr silenced. The process ends, with status 0 unless `work`
  /// throws. Throws std::system_error; `path` is what its message names.
  Child(const std::filesystem::path& path, ChildLimits limits, const std::function<void(const FileDescriptor&)>& work);
  /// Kills the process if it still runs.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Reads until `bytes` is full, the process has ended or closed its pipe, or its time is over; returns how many were
  /// read. Throws std::system_error.
  std::size_t read(std::span<std::byte> bytes);
  /// Closes the pipe and waits for the process's end, or ends it when its time is over: empty if that was with status
  /// 0, otherwise what happened, "crashed (signal 11)".
  std::string wait();

 private:
  using Clock = std::chrono::steady_clock;

  bool wait_for_bytes() const;

  std::filesystem::path path_;
  Clock::time_point deadline_;
  pid_t process_ = -1;
  FileDescriptor pipe_;
};

}  // namespace memscale
