#include "memscale/model/gaussian_stream.hpp"

#include <algorithm>

#include "memscale/model/normal_kernel.hpp"

namespace memscale {

void standard_normals(std::uint64_t seed, Purpose purpose, std::uint32_t d, std::uint64_t item, std::span<double> out) {
  static NormalKernel* const kernel = best_normal_kernel();
  constexpr std::size_t block = 4, chunk = block * normal_lanes;
  const std::uint32_t domain = (static_cast<std::uint32_t>(purpose) << 24) | d;
  double normals[block][normal_lanes];
  for (std::size_t start = 0; start < out.size(); start += chunk) {
    kernel(seed, domain, item, static_cast<std::uint32_t>(start / block), normals);
    const std::size_t count = std::min(chunk, out.size() - start);
    for (std::size_t i = 0; i < count; ++i) out[start + i] = normals[i % block][i / block];
  }
}

}  // namespace memscale
