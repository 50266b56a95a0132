#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

namespace memscale {

/// A column of texts of which many agree: each is kept once.
class TextCodes {
 public:
  void add(const std::string& text) {
    if (codes_.empty() || texts_[codes_.back()] != text) {
      const auto [found, is_new] = places_.try_emplace(text, static_cast<std::uint32_t>(texts_.size()));
      if (is_new) texts_.push_back(text);
      last_ = found->second;
    }
    codes_.push_back(last_);
  }

  std::size_t rows() const { return codes_.size(); }
  /// Bytes of the longest, at least 1.
  std::size_t width() const {
    std::size_t width = 1;
    for (const std::string& text : texts_) width = std::max(width, text.size());
    return width;
  }
  /// The texts of rows from `first` on, up to `rows` of them, each padded with NUL to `width` bytes.
  std::vector<std::byte> padded(std::size_t first, std::size_t rows, std::size_t width) const {
    const std::size_t end = std::min(codes_.size(), first + rows);
    std::vector<std::byte> bytes((end - first) * width);
    for (std::size_t row = first; row < end; ++row) {
      const std::string& text = texts_[codes_[row]];
      std::transform(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>((row - first) * width),
                     [](char c) { return static_cast<std::byte>(c); });
    }
    return bytes;
  }

 private:
  std::unordered_map<std::string, std::uint32_t> places_;
  std::vector<std::string> texts_;
  std::vector<std::uint32_t> codes_;
  std::uint32_t last_ = 0;
};

}  // namespace memscale
