#pragma once

#include <string>
#include <utility>
#include <vector>

#include "table.hpp"
#include "target.hpp"

namespace memscale::bench {

/// What was measured, a row each, as it grows; some with an aim.
class Rows {
 public:
  /// `judges`: whether what is measured has the size that the aims are for.
  explicit Rows(bool judges) : judges_(judges) {}

  /// A row with no aim.
  void add(const std::string& what, const std::string& reached) { rows_.push_back({what, "", reached, ""}); }
  void add(const std::string& what, double reached, const std::string& unit = "") { add(what, digits(reached) + unit); }
  void add(Target target) {
    if (!judges_) target.verdict = "not judged";
    rows_.push_back(std::move(target));
  }
  std::vector<Target> take() { return std::move(rows_); }

 private:
  bool judges_;
  std::vector<Target> rows_;
};

}  // namespace memscale::bench
