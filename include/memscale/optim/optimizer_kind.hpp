#pragma once

#include <array>
#include <string_view>

#include "memscale/core/enum_names.hpp"

namespace memscale {

/// tra_signgd, the task-aligned sign descent, is an oracle that knows an orthogonal memory's basis (arXiv 2602.05725).
enum class OptimizerKind { gd, muon, newton, ngd, signgd, adam, tra_signgd };

template <>
struct EnumNames<OptimizerKind> {
  static constexpr std::array<std::string_view, 7> names{"gd", "muon", "newton", "ngd", "signgd", "adam", "tra-signgd"};
};

/// How muon computes msgn; `none` for every other optimizer.
enum class Orthogonalizer { none, svd, regularized, newton_schulz };

template <>
struct EnumNames<Orthogonalizer> {
  static constexpr std::array<std::string_view, 4> names{"none", "svd", "regularized", "newton-schulz"};
};

}  // namespace memscale
