#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <vector>

#include "memscale/core/memory.hpp"
#include "memscale/linalg/matrix.hpp"
#include "memscale/model/int8_kernel.hpp"

namespace memscale {

/// Memory that begins on a cache line, in huge pages if large, its elements not initialised.
template <class T>
struct CacheLineAllocator {
  using value_type = T;
  CacheLineAllocator() = default;
  template <class U>
  CacheLineAllocator(const CacheLineAllocator<U>&) {}
  T* allocate(std::size_t count) {
    void* const memory = ::operator new (count * sizeof(T), std::align_val_t{64});
    prefer_huge_pages(memory, count * sizeof(T));
    return static_cast<T*>(memory);
  }
  void deallocate(T* pointer, std::size_t) { ::operator delete (pointer, std::align_val_t{64}); }
  void construct(T* pointer) { ::new (static_cast<void*>(pointer)) T; }
  bool operator==(const CacheLineAllocator&) const { return true; }
};

/// Rows rounded to 8 bits, with rigorous bounds of what rounding lost.
class Int8Rows {
 public:
  Int8Rows() = default;
  /// Rows yet to be set.
  Int8Rows(std::int64_t count, std::int64_t columns);

  /// Row `row` <- q of x * column_scale, (columns) each, powers of two.
  void set(const Int8Kernels& kernels, std::int64_t row, const float* x, const float* column_scale);

  std::int64_t count() const { return static_cast<std::int64_t>(scale_.size()); }
  std::int64_t columns() const { return columns_; }
  std::int64_t padded() const { return padded_; }
  const std::int8_t* row(std::int64_t row) const { return q_.data() + row * padded_; }
  const std::vector<float>& scale() const { return scale_; }
  const std::vector<float>& norm() const { return norm_; }    ///< at least ||x||
  const std::vector<float>& error() const { return error_; }  ///< at least ||x - scale q||
  const std::vector<std::int32_t>& offset() const { return offset_; }

  /// Rows first .. first + count - 1 as a kernel's rows.
  Int8Operands rows(std::int64_t first, std::int64_t count) const;

 private:
  std::int64_t columns_ = 0, padded_ = 0;
  std::vector<std::int8_t, CacheLineAllocator<std::int8_t>> q_;  ///< (count + int8_spare, padded)
  std::vector<float> scale_, norm_, error_;
  std::vector<std::int32_t> offset_;
};

/// Rows packed as a kernel's panels; lanes past the last row repeat it.
class Int8Panels {
 public:
  Int8Panels() = default;
  explicit Int8Panels(const Int8Rows& rows);

  std::int64_t count() const { return count_; }  ///< panels
  const std::uint8_t* panel(std::int64_t panel) const { return bytes_.data() + panel * int8_lanes * padded_; }

 private:
  std::int64_t count_ = 0, padded_ = 0;
  std::vector<std::uint8_t, CacheLineAllocator<std::uint8_t>> bytes_;
};

/// `values` (rows) as the panels' lanes: as many as the panels have, the last one repeated.
std::vector<float> lane_values(const Int8Panels& panels, std::span<const float> values);

}  // namespace memscale
