#include "memscale/schedule/local_transport.hpp"

namespace memscale {

LocalTransport::LocalTransport(const std::vector<TrialRunner>& runners) {
  for (const TrialRunner& run : runners)
    workers_.push_back(std::make_unique<LocalWorker>(static_cast<int>(workers_.size()), run, finished_));
}

void LocalTransport::assign(int worker, const Trial& trial) {
  workers_.at(static_cast<std::size_t>(worker))->assign(trial);
}

}  // namespace memscale
