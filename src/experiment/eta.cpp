#include "memscale/experiment/eta.hpp"

#include "memscale/core/text.hpp"

namespace memscale {

std::string_view unit_text(EtaScale scale) {
  switch (scale) {
    case EtaScale::sqrt_d:
      return "sqrt(d)";
    case EtaScale::log_d_over_steps:
      return "log(d)/steps";
    case EtaScale::absolute:
      break;
  }
  return {};
}

std::string eta_text(double factor, EtaScale scale) {
  const std::string unit(unit_text(scale));
  if (unit.empty()) return to_text(factor);
  return factor == 1 ? unit : to_text(factor) + "*" + unit;
}

}  // namespace memscale
