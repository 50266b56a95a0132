#include "memscale/model/gaussian_stream.hpp"

namespace memscale {

GaussianStream::GaussianStream(std::uint64_t seed, Purpose purpose, std::span<const double> scales,
                               NormalKernel* kernel)
    : seed_(seed),
      domain_((static_cast<std::uint32_t>(purpose) << 24) | static_cast<std::uint32_t>(scales.size())),
      d_(static_cast<std::int64_t>(scales.size())),
      kernel_(kernel) {
  const std::size_t blocks = (scales.size() + 3) / 4;
  for (std::size_t w = 0; w < 4; ++w)
    for (std::size_t b = 0; b < blocks + normal_lanes; ++b) {
      const std::size_t k = 4 * (b % blocks) + w;
      scales_.push_back(k < scales.size() ? scales[k] : 0);
    }
}

void GaussianStream::draw(std::uint64_t first_item, std::int64_t items, float* rows) const {
  kernel_(seed_, domain_, first_item, items, d_, scales_.data(), rows);
}

}  // namespace memscale
