#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "memscale/analysis/panel_figure.hpp"

namespace memscale {

/// Colours of names, in the order in which they come, up to a number of them.
class NamedStyles {
 public:
  explicit NamedStyles(std::size_t most) : most_(most) {}

  /// Nothing for a name that is one too many.
  std::optional<std::size_t> style(const std::string& name) {
    const auto found = std::find(names_.begin(), names_.end(), name);
    const auto place = static_cast<std::size_t>(found - names_.begin());
    if (found == names_.end()) names_.push_back(name);
    return place < most_ ? std::optional(place) : std::nullopt;
  }
  std::size_t all() const { return names_.size(); }
  std::size_t shown() const { return std::min(names_.size(), most_); }
  void add_to_key(PlotLook look, std::vector<KeyEntry>& key) const {
    for (std::size_t i = 0; i < shown(); ++i) key.push_back({names_[i], look, i});
  }

 private:
  std::size_t most_;
  std::vector<std::string> names_;
};

}  // namespace memscale
