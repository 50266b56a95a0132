#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "snapshot_layout.hpp"

namespace memscale {

/// The fields of one part (Trial, Result, Cost) of up to so many records, each field's values side by side as the file
/// has them; texts are left to the caller.
template <class Part>
class FieldBlock {
 public:
  explicit FieldBlock(std::size_t rows) {
    for_each_field_of<Part>([&]<class Value>(const char*, const Value&) {
      sizes_.push_back(value_size_of(kind_of<Value>()));
      columns_.emplace_back(rows * sizes_.back());
    });
  }

  /// For less than all rows.
  void add(const Part& part) {
    std::size_t field = 0;
    for_each_field(part, [&]<class Value>(const char*, const Value& value) {
      if constexpr (!std::is_same_v<Value, std::string>) {
        constexpr std::size_t size = value_size_of(kind_of<Value>());
        static_assert(sizeof(Value) == size);
        std::memcpy(columns_[field].data() + rows_ * size, &value, size);
      }
      ++field;
    });
    ++rows_;
  }

  std::size_t rows() const { return rows_; }
  std::span<const std::byte> column(std::size_t field) const {
    return std::span(columns_[field]).first(rows_ * sizes_[field]);
  }
  void clear() { rows_ = 0; }

 private:
  std::size_t rows_ = 0;
  std::vector<std::size_t> sizes_;
  std::vector<std::vector<std::byte>> columns_;
};

}  // namespace memscale
