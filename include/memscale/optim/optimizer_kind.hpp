#pragma once

#include <array>
#include <string_view>

#include "memscale/core/enum_names.hpp"

namespace memscale {

enum class OptimizerKind { gd, muon, newton, ngd, signgd, adam };

template <>
struct EnumNames<OptimizerKind> {
  static constexpr std::array<std::string_view, 6> names{"gd", "muon", "newton", "ngd", "signgd", "adam"};
};

/// How muon computes msgn; `none` for every other optimizer.
enum class Orthogonalizer { none, svd, regularized, newton_schulz };

template <>
struct EnumNames<Orthogonalizer> {
  static constexpr std::array<std::string_view, 4> names{"none", "svd", "regularized", "newton-schulz"};
};

}  // namespace memscale
