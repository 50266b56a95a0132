#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "store/store_fixture.hpp"

namespace memscale {

/// A standard stream that goes to a file while this lives.
class Redirected {
 public:
  Redirected(std::FILE* stream, const std::filesystem::path& path) : stream_(stream) {
    std::fflush(stream_);
    kept_ = ::fcntl(::fileno(stream_), F_DUPFD_CLOEXEC, 0);
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (kept_ < 0 || file < 0 || ::dup2(file, ::fileno(stream_)) < 0) throw std::runtime_error("cannot redirect");
    ::close(file);
  }
  ~Redirected() {
    std::fflush(stream_);
    ::dup2(kept_, ::fileno(stream_));
    ::close(kept_);
  }
  Redirected(const Redirected&) = delete;
  Redirected& operator=(const Redirected&) = delete;

 private:
  std::FILE* stream_;
  int kept_;
};

/// How a command ended, and what it printed.
struct Captured {
  int status = 0;
  std::string out, err;
};

template <class F>
Captured captured(F&& command) {
  const TemporaryFolder folder;
  Captured result;
  {
    const Redirected out(stdout, folder / "out"), err(stderr, folder / "err");
    result.status = command();
  }
  result.out = file_bytes(folder / "out");
  result.err = file_bytes(folder / "err");
  return result;
}

}  // namespace memscale
