#pragma once

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "memscale/analysis/laws.hpp"

namespace memscale {

/// Rows of one law, with what they share.
class RowList {
 public:
  RowList(std::vector<LawRow>& all, std::string law, std::string key, bool exact = false)
      : all_(all), law_(std::move(law)), key_(std::move(key)), exact_(exact) {}

  static constexpr double spans_several = std::numeric_limits<double>::quiet_NaN();

  struct Where {
    std::string method;
    double alpha = spans_several, d = spans_several, steps = spans_several;
  };
  void add(const Where& where, std::string parameter, const Coefficient& value, const Goodness& goodness,
           double log_factor = std::numeric_limits<double>::quiet_NaN()) {
    all_.push_back({law_, key_, where.method, where.alpha, where.d, where.steps, std::move(parameter), value, goodness,
                    log_factor, exact_});
  }

 private:
  std::vector<LawRow>& all_;
  std::string law_, key_;
  bool exact_;
};

/// Of the laws of orthogonal memories.
void add_orthogonal_rows(const OrthogonalLaws& laws, std::vector<LawRow>& all);

}  // namespace memscale
