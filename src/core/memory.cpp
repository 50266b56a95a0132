#include "memscale/core/memory.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace memscale {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t unlimited = std::int64_t{1} << 62;

/// The number after `name` in a file of lines "name number ..."; nothing if it is not there.
std::optional<std::int64_t> find_number(const fs::path& file, std::string_view name) {
  std::ifstream in(file);
  std::string word;
  for (std::int64_t number = 0; in >> word; in.ignore(1000, '\n'))
    if (word == name && in >> number) return number;
  return std::nullopt;
}

/// A file that holds one number; nothing for "max".
std::optional<std::int64_t> read_number(const fs::path& file) {
  std::int64_t number = 0;
  if (std::ifstream(file) >> number) return number;
  return std::nullopt;
}

/// How a version of control groups names its files.
struct Names {
  const char* limit;
  const char* used;
  const char* cache;  ///< in memory.stat: file pages that the kernel gives up first
};
constexpr Names version2{"memory.max", "memory.current", "inactive_file"};
constexpr Names version1{"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"};

/// Applies the limits of the group `name` ("/a/b") and of those above it. In a container its first part may be hidden:
/// what is not there limits nothing.
void apply_groups(Memory& memory, const fs::path& hierarchy, const std::string& name, const Names& names) {
  fs::path group = fs::path(name).relative_path();
  while (true) {
    const fs::path folder = hierarchy / group;
    const std::optional<std::int64_t> limit = read_number(folder / names.limit);
    if (limit && *limit < memory.total) memory.total = *limit;
    if (limit && *limit < unlimited) {
      const std::int64_t used =
          read_number(folder / names.used).value_or(0) - find_number(folder / "memory.stat", names.cache).value_or(0);
      memory.available = std::clamp<std::int64_t>(*limit - used, 0, memory.available);
    }
    if (group.empty()) return;
    group = group.parent_path();
  }
}

std::int64_t peak_of_usage() {
  rusage usage{};
  return ::getrusage(RUSAGE_SELF, &usage) == 0 ? std::int64_t{usage.ru_maxrss} * 1024 : 0;
}

/// What getrusage tells at least: also what the process had before it became this program, as large as whoever started
/// it.
std::atomic<std::int64_t> floor_of_usage{unlimited};

}  // namespace

Memory read_memory(const fs::path& root) {
  const auto kilobytes = [&](std::string_view name) {
    const auto number = find_number(root / "proc/meminfo", name);
    return number ? *number * 1024 : unlimited;
  };
  Memory memory{kilobytes("MemTotal:"), kilobytes("MemAvailable:")};
  std::ifstream groups(root / "proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {  // "0::/name", or "7:memory:/name" of version 1
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = ',' + line.substr(first + 1, second - first - 1) + ',',
                      name = line.substr(second + 1);
    if (controllers == ",,") apply_groups(memory, root / "sys/fs/cgroup", name, version2);
    if (controllers.find(",memory,") != std::string::npos)
      apply_groups(memory, root / "sys/fs/cgroup/memory", name, version1);
  }
  memory.available = std::min(memory.available, memory.total);
  return memory;
}

void prefer_huge_pages([[maybe_unused]] void* begin, [[maybe_unused]] std::size_t bytes) {
#if defined(MADV_HUGEPAGE)
  constexpr std::uintptr_t page = std::uintptr_t{2} << 20;
  const auto start = reinterpret_cast<std::uintptr_t>(begin);
  const std::uintptr_t first = (start + page - 1) / page * page, last = (start + bytes) / page * page;
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
#endif
}

void reset_peak_memory() {
  static const int file = ::open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);  // open for good: once a trial
  [[maybe_unused]] const ssize_t written = ::write(file, "5", 1);
  if (floor_of_usage == unlimited) floor_of_usage = peak_of_usage();
}

std::int64_t peak_memory() {
  const std::int64_t of_usage = peak_of_usage();
  if (of_usage > floor_of_usage) return of_usage;
  // The file takes ten times as long.
  return find_number("/proc/self/status", "VmHWM:").value_or(of_usage / 1024) * 1024;
}

}  // namespace memscale
