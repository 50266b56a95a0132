#include "memscale/model/int8_rows.hpp"

#include <algorithm>
#include <cstring>

namespace memscale {

namespace {

std::int64_t rounded_up(std::int64_t value, std::int64_t step) {
  return (value + step - 1) / step * step;
}

}  // namespace

Int8Rows::Int8Rows(std::int64_t count, std::int64_t columns)
    : columns_(columns), padded_(rounded_up(columns, int8_depth)) {
  const auto size = static_cast<std::size_t>(count);
  q_.resize(static_cast<std::size_t>((count + int8_spare) * padded_));
  std::fill(q_.end() - int8_spare * padded_, q_.end(), std::int8_t{0});
  scale_.resize(size);
  norm_.resize(size);
  error_.resize(size);
  offset_.resize(size);
}

void Int8Rows::set(const Int8Kernels& kernels, std::int64_t row, const float* x, const float* column_scale) {
  const Int8Row result = kernels.quantize(x, column_scale, columns_, padded_, q_.data() + row * padded_);
  const auto i = static_cast<std::size_t>(row);
  scale_[i] = result.scale;
  norm_[i] = result.norm;
  error_[i] = result.error;
  offset_[i] = result.offset;
}

Int8Operands Int8Rows::rows(std::int64_t first, std::int64_t count) const {
  Int8Operands operands;
  operands.rows = row(first);
  operands.offsets = offset_.data() + first;
  operands.count = count;
  operands.columns = padded_;
  return operands;
}

Int8Panels::Int8Panels(const Int8Rows& rows)
    : count_((rows.count() + int8_lanes - 1) / int8_lanes),
      padded_(rows.padded()),
      bytes_(static_cast<std::size_t>(count_ * int8_lanes * padded_)) {
  for (std::int64_t lane = 0; lane < count_ * int8_lanes; ++lane) {
    const std::int8_t* row = rows.row(std::min(lane, rows.count() - 1));
    std::uint8_t* out = bytes_.data() + lane / int8_lanes * int8_lanes * padded_ + lane % int8_lanes * 4;
    for (std::int64_t k = 0; k < padded_; k += 4) {
      std::uint32_t four;
      std::memcpy(&four, row + k, 4);
      four ^= 0x80808080u;  // signed to unsigned: 128 more
      std::memcpy(out + k * int8_lanes, &four, 4);
    }
  }
}

std::vector<float> lane_values(const Int8Panels& panels, std::span<const float> values) {
  std::vector<float> lanes(values.begin(), values.end());
  if (!lanes.empty()) lanes.resize(static_cast<std::size_t>(panels.count() * int8_lanes), lanes.back());
  return lanes;
}

}  // namespace memscale
