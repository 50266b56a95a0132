#pragma once

#include <string>
#include <string_view>

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/trial.hpp"

namespace memscale {

/// "2*sqrt(d)"
struct Multiple {
  double factor;
  EtaScale scale;
};

inline std::string shown(std::string_view value) {
  return std::string(value);
}
inline std::string shown(std::int64_t value) {
  return to_text(value);
}
inline std::string shown(double value) {
  return to_text(value);
}
inline std::string shown(Multiple value) {
  return eta_text(value.factor, value.scale);
}

/// `value` becomes a text only where it is refused: a grid checks millions of trials.
template <class Value>
void require(bool holds, std::string_view key, const Value& value, std::string_view why) {
  if (!holds) throw invalid(key, shown(value), why);
}

constexpr std::int64_t largest_svd = 16384;  ///< dgesdd counts its 4 d^2 numbers of work space in 32 bits

}  // namespace memscale
