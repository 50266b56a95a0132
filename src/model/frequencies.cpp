#include "memscale/model/frequencies.hpp"

#include <cmath>

namespace memscale {

Vector zipf_frequencies(std::int64_t items, double alpha) {
  Vector p(items);
  double sum = 0;
  for (std::int64_t i = items; i > 0; --i) {  // smallest first: least rounding
    p(i - 1) = std::pow(static_cast<double>(i), -alpha);
    sum += p(i - 1);
  }
  return p / sum;
}

}  // namespace memscale
