#pragma once

#include <array>
#include <string_view>

#include "memscale/core/enum_names.hpp"

namespace memscale {

/// Which orthonormal pairs (E_j, E~_j) an orthogonal memory stores: unit vectors; unit vectors turned three by three,
/// by one rotation for the inputs and one for the outputs (`coupled`, arXiv 2509.26030); two random orthogonal
/// matrices.
enum class TaskBasisKind { none, identity, coupled, haar };

template <>
struct EnumNames<TaskBasisKind> {
  static constexpr std::array<std::string_view, 4> names{"none", "identity", "coupled", "haar"};
};

}  // namespace memscale
