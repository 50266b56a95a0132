#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "companion.hpp"
#include "options.hpp"
#include "samples.hpp"

namespace memscale::bench {

/// A library that memscale is compared with, at work in a Python process of its own.
struct Rival {
  std::string key;   ///< "numpy"
  std::string name;  ///< "NumPy"
  Companion process;
};

/// Whether `python` can import `module`. Throws std::runtime_error where it cannot be started.
bool has_module(const std::string& python, const std::string& module);

/// How to find one: a script in tools/bench.d for a Python that has `module`.
struct RivalCandidate {
  std::string key, name, module, script;
  bool wanted = true;
};

/// Those that there are. One that fails later is named on standard error and left out from then on.
class Rivals {
 public:
  /// `python`: the program; empty: none of them is wanted.
  Rivals(const std::string& python, const std::vector<RivalCandidate>& candidates);

  /// use(rival) for each; an exception in it drops the rival.
  template <class Use>
  void each(const Use& use) {
    for (std::size_t i = 0; i < rivals_.size();) {
      try {
        use(rivals_[i]);
        ++i;
      } catch (const std::exception& error) {
        drop(i, error.what());
      }
    }
  }
  bool empty() const { return rivals_.empty(); }
  const std::vector<std::string>& described() const { return described_; }

 private:
  void drop(std::size_t i, const char* why);

  std::vector<Rival> rivals_;
  std::vector<std::string> described_;  ///< one line each, of those that were looked for
};

/// Those of the candidates that there are, with one BLAS thread until a request wants more.
Rivals library_rivals(const std::string& python, const std::vector<RivalCandidate>& candidates);

/// NumPy and PyTorch for memscale's kernels.
Rivals kernel_rivals(const Options& options);

/// The rival's seconds for `request`, added to `samples`; the rest of its reply.
nlohmann::json measure(Rival& rival, const nlohmann::json& request, Samples& samples);

}  // namespace memscale::bench
