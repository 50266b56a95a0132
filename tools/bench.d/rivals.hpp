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

/// Those that there are. One that fails later is named on standard error and left out from then on.
class Rivals {
 public:
  explicit Rivals(const Options& options);

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
  const std::vector<std::string>& described() const { return described_; }

 private:
  void drop(std::size_t i, const char* why);

  std::vector<Rival> rivals_;
  std::vector<std::string> described_;  ///< one line each, of those that were looked for
};

/// The rival's seconds for `request`, added to `samples`; the rest of its reply.
nlohmann::json measure(Rival& rival, const nlohmann::json& request, Samples& samples);

}  // namespace memscale::bench
