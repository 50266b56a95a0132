#include "memscale/optim/make_optimizer.hpp"

#include <stdexcept>

#include "memscale/optim/adam.hpp"
#include "memscale/optim/gd.hpp"
#include "memscale/optim/muon.hpp"
#include "memscale/optim/newton.hpp"
#include "memscale/optim/ngd.hpp"
#include "memscale/optim/signgd.hpp"

namespace memscale {

std::unique_ptr<Optimizer> make_optimizer(const OptimizerOptions& options) {
  switch (options.kind) {
    case OptimizerKind::gd:
      return std::make_unique<Gd>();
    case OptimizerKind::muon:
      return std::make_unique<Muon>(options);
    case OptimizerKind::newton:
      return std::make_unique<Newton>(options.ridge);
    case OptimizerKind::ngd:
      return std::make_unique<Ngd>();
    case OptimizerKind::signgd:
    case OptimizerKind::tra_signgd:  // given gradients in the task basis
      return std::make_unique<SignGd>();
    case OptimizerKind::adam:
      return std::make_unique<Adam>(options);
  }
  throw std::invalid_argument("unknown optimizer");
}

}  // namespace memscale
