#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>
#include <stdexcept>

namespace memscale {

/// This process gets at most `bytes` of address space more while it lives. Not under a sanitizer, which takes its own.
class MemoryLimit {
 public:
#ifdef MEMSCALE_SANITIZE
  explicit MemoryLimit(std::size_t) {}
#else
  explicit MemoryLimit(std::size_t bytes) {
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    if (pages == 0 || ::getrlimit(RLIMIT_AS, &before_) != 0) throw std::runtime_error("cannot ask for memory used");
    const auto used = pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const rlimit limit{used + bytes, before_.rlim_max};
    if (::setrlimit(RLIMIT_AS, &limit) != 0) throw std::runtime_error("cannot limit memory");
  }
  ~MemoryLimit() {
    ::setrlimit(RLIMIT_AS, &before_);
  }
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;

 private:
  rlimit before_{};
#endif
};

}  // namespace memscale
