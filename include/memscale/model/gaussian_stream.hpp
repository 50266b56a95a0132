#pragma once

#include <cstdint>
#include <span>

namespace memscale {

/// Stands for what a random number is used for: no two purposes share numbers. Never renumber.
enum class Purpose : std::uint32_t { input_embedding = 1, output_embedding = 2, batch = 3 };

/// Standard normal numbers as a pure function of (seed, purpose, d, item, coordinate): Philox4x32-10 (Salmon et al., SC
/// 2011) and Box-Muller, in IEEE additions, multiplications, divisions and square roots alone, so that every machine,
/// rank and order of calls gives the same bytes. Fills `out` with coordinates 0 .. out.size() - 1 of `item` (0-based).
void standard_normals(std::uint64_t seed, Purpose purpose, std::uint32_t d, std::uint64_t item, std::span<double> out);

}  // namespace memscale
