#pragma once

#include <array>
#include <string>
#include <string_view>

#include "memscale/core/enum_names.hpp"

namespace memscale {

/// What eta, or its growth, is a multiple of. log(d) / steps is for eta alone (arXiv 2602.05725's log K / T).
enum class EtaScale { absolute, sqrt_d, log_d_over_steps };

template <>
struct EnumNames<EtaScale> {
  static constexpr std::array<std::string_view, 3> names{"absolute", "sqrt-d", "log-d-over-steps"};
};

/// As a job file has it: "sqrt(d)", "log(d)/steps"; empty for absolute numbers.
std::string_view unit_text(EtaScale scale);

/// "2", "2*sqrt(d)", "sqrt(d)"
std::string eta_text(double factor, EtaScale scale);

}  // namespace memscale
