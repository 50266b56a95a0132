#pragma once

#include <sys/types.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace memscale::bench {

/// Another process that answers lines on its standard input by lines on its standard output. Move-only; ends with the
/// object.
class Companion {
 public:
  /// Throws std::runtime_error where it cannot be started.
  explicit Companion(const std::vector<std::string>& command);
  ~Companion();
  Companion(Companion&& other) noexcept;
  Companion& operator=(Companion&&) = delete;

  /// The reply to a request, both one line of JSON. Throws std::runtime_error where the process ended instead.
  nlohmann::json ask(const nlohmann::json& request);
  /// Its next line, or nothing where none came within `seconds` (infinity: waits). Throws as ask does.
  std::optional<nlohmann::json> next(double seconds);
  /// Waits until it has ended by itself, with no more requests. Throws std::runtime_error unless its exit status is 0.
  void finish();
  /// Its high-water mark of resident memory so far, in bytes.
  double peak_memory() const;

 private:
  pid_t pid_ = -1;
  int to_ = -1, from_ = -1;
  std::string received_;
};

}  // namespace memscale::bench
