#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "system_calls.hpp"

namespace memscale {

/// Something that a process does in a folder, and what must hold wherever it failed.
struct Scenario {
  std::string name;
  std::vector<SystemCall> calls;  ///< that it makes, at least one of each
  std::function<void(const std::filesystem::path& folder)> prepare;
  /// Sets `acknowledged` to the number of records that are said to be safe; may throw a std::runtime_error of one line.
  std::function<void(const std::filesystem::path& folder, volatile std::uint64_t& acknowledged)> act;
  std::function<void(const std::filesystem::path& folder, std::uint64_t acknowledged)> check;
};

/// The 1st, 2nd, ... call of each kind fails in each way, once or from then on, until a run no longer meets the fault.
void fail_every_call(const Scenario& scenario);

/// The process ends instead of the 1st, 2nd, ... call of each kind, until it no longer meets one.
void exit_at_every_call(const Scenario& scenario);

}  // namespace memscale
