#pragma once

#include <cstddef>
#include <string>

#include "memscale/analysis/gnuplot_script.hpp"
#include "memscale/analysis/panel_figure.hpp"

namespace memscale {

/// Where the panels of a figure stand, in pixels from the top left.
class PanelLayout {
 public:
  explicit PanelLayout(const PanelFigure& picture);

  PictureSize size() const { return size_; }
  double width() const { return width_; }    ///< of a panel
  double height() const { return height_; }  ///< likewise
  double left(std::size_t panel) const;
  double top(std::size_t panel) const;
  double key_left() const { return key_left_; }
  double key_top() const { return key_top_; }
  bool shows_x(std::size_t panel) const;  ///< texts and label of its x axis
  bool shows_y(std::size_t panel) const;
  bool labels_y(std::size_t panel) const;  ///< whether the label stands beside the texts: not if the left one's does

  /// Columns of the key, each a range of its entries.
  std::size_t key_columns() const { return key_columns_; }
  double key_width() const { return key_width_; }  ///< of a column

  /// A title over several lines, so that it does not reach into the next panel.
  std::string wrapped(const std::string& title) const;

 private:
  void place_key(const PanelFigure& picture);

  const PanelFigure& picture_;
  std::size_t columns_ = 1;
  double width_ = 0, height_ = 0, top_edge_ = 0, gap_x_ = 0, gap_y_ = 0, key_left_ = 0, key_top_ = 0, key_width_ = 0;
  std::size_t key_columns_ = 1;
  PictureSize size_{};
};

}  // namespace memscale
