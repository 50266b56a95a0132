#include "memscale/analysis/panel_layout.hpp"

#include <algorithm>
#include <cmath>

namespace memscale {

namespace {

/// Pixels.
constexpr double left_edge = 84, right_edge = 22, first_title = 26, title_line = 20, label_height = 64, narrow_gap = 26,
                 texts_gap = 60, row_gap = 56, character = 8.9, key_row = 27, key_sample = 64, widest_key = 280;

/// Of a panel, by how many stand in a row.
double panel_width(std::size_t columns) {
  constexpr double widths[] = {520, 390, 262, 206};
  return widths[std::min<std::size_t>(columns, 4) - 1];
}

double panel_height(std::size_t columns) {
  constexpr double heights[] = {370, 330, 280, 230};
  return heights[std::min<std::size_t>(columns, 4) - 1];
}

std::size_t default_columns(std::size_t panels) {
  constexpr std::size_t many = 9;
  if (panels == 4) return 2;
  if (panels > many) return 4;
  return std::clamp<std::size_t>(panels, 1, 3);
}

/// As many as a reader sees: bytes that begin a character.
double length_of(const std::string& text) {
  return static_cast<double>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

PanelLayout::PanelLayout(const PanelFigure& picture)
    : picture_(picture), columns_(picture.columns > 0 ? picture.columns : default_columns(picture.panels.size())) {
  const std::vector<Panel>& panels = picture.panels;
  columns_ = std::min(columns_, panels.size());
  width_ = panel_width(columns_);
  height_ = panel_height(columns_);
  std::ptrdiff_t lines = 0;
  for (const Panel& panel : panels) {
    const std::string title = wrapped(panel.title);
    lines = std::max(lines, title.empty() ? 0 : 1 + std::count(title.begin(), title.end(), '\n'));
  }
  top_edge_ = first_title + title_line * static_cast<double>(lines);
  bool own_y = false, own_label = false, own_x = false;
  for (std::size_t i = 0; i < panels.size(); ++i) {
    if (is_blank(panels[i])) continue;
    own_y = own_y || (i % columns_ != 0 && shows_y(i));
    own_label = own_label || (i % columns_ != 0 && labels_y(i));
    const bool above_another = i + columns_ < panels.size() && !is_blank(panels[i + columns_]);
    own_x = own_x || (above_another && shows_x(i));
  }
  gap_x_ = own_label ? left_edge : own_y ? texts_gap : narrow_gap;
  gap_y_ = title_line * static_cast<double>(lines) + (own_x ? label_height + 14 : row_gap);
  place_key(picture);
}

void PanelLayout::place_key(const PanelFigure& picture) {
  double longest = 0;
  for (const KeyEntry& entry : picture.key) longest = std::max(longest, length_of(entry.title));
  const double right = left(columns_ - 1) + width_, bottom = top(picture.panels.size() - 1) + height_ + label_height;
  const auto entries = static_cast<double>(picture.key.size());
  key_width_ = picture.key.empty() ? 0 : key_sample + character * longest;
  const bool beside = key_width_ <= widest_key && key_row * entries <= std::max(bottom - top_edge_, 400.0);
  if (!beside) {
    const double room = std::max(right + right_edge - left_edge, key_width_);
    key_columns_ = std::clamp<std::size_t>(static_cast<std::size_t>(room / key_width_), 1, picture.key.size());
  }
  const double rows = key_row * std::ceil(entries / static_cast<double>(key_columns_)) + 14;
  key_left_ = beside ? right + 18 : left_edge;
  key_top_ = beside ? top_edge_ : bottom + 4;
  size_.width = static_cast<int>(beside ? right + std::max(18 + key_width_, right_edge)
                                        : std::max(right + right_edge, left_edge + key_width_));
  size_.height = static_cast<int>(beside ? std::max(bottom, key_top_ + rows) : key_top_ + rows);
}

double PanelLayout::left(std::size_t panel) const {
  return left_edge + static_cast<double>(panel % columns_) * (width_ + gap_x_);
}

double PanelLayout::top(std::size_t panel) const {
  return top_edge_ + static_cast<double>(panel / columns_) * (height_ + gap_y_);
}

bool PanelLayout::shows_x(std::size_t panel) const {
  const std::size_t below = panel + columns_;
  return below >= picture_.panels.size() || is_blank(picture_.panels[below]) ||
         picture_.panels[below].x != picture_.panels[panel].x;
}

bool PanelLayout::shows_y(std::size_t panel) const {
  return panel % columns_ == 0 || picture_.panels[panel - 1].y != picture_.panels[panel].y;
}

bool PanelLayout::labels_y(std::size_t panel) const {
  if (panel % columns_ == 0) return true;
  const auto label = [&](std::size_t i) { return picture_.y_axes[picture_.panels[i].y].label; };
  return label(panel) != label(panel - 1);
}

std::string PanelLayout::wrapped(const std::string& title) const {
  constexpr std::size_t short_word = 4;
  const auto longest = static_cast<std::size_t>(width_ / character);
  std::string text;
  std::size_t line = 0;
  for (std::size_t from = 0; from < title.size();) {
    std::size_t end = std::min(title.find(' ', from), title.size());
    const bool leaves_little = title.size() - end <= short_word && title.find(' ', end + 1) == std::string::npos;
    if (leaves_little) end = title.size();  // "5" alone on the last line looks lost
    if (line > 0) {
      const bool fits = line + 1 + end - from <= longest;
      text += fits ? ' ' : '\n';
      line = fits ? line + 1 : 0;
    }
    text.append(title, from, end - from);
    line += end - from;
    from = end + 1;
  }
  return text;
}

}  // namespace memscale
