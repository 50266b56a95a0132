#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace memscale {

/// Main memory in bytes.
struct Memory {
  std::int64_t total = 0;      ///< the machine's, or less where a control group limits this process
  std::int64_t available = 0;  ///< of it, what is free or can be freed at once
};

/// This machine's, from /proc/meminfo and the control groups (version 2 or 1) above this process. Unlimited (2^62)
/// where the system does not tell. `root` stands for "/" in tests.
Memory read_memory(const std::filesystem::path& root = "/");

/// Asks for huge pages in the whole ones of 2 MB among `bytes` that are allocated and not yet touched: fewer page
/// faults and TLB misses. A hint: nothing where the system has none.
void prefer_huge_pages(void* begin, std::size_t bytes);
/// Lets the process's high-water mark of memory begin anew; Linux only, elsewhere it stays.
void reset_peak_memory();
/// That mark, in bytes; 0 where the system does not tell.
std::int64_t peak_memory();

}  // namespace memscale
