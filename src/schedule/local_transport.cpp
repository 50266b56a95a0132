#include "memscale/schedule/local_transport.hpp"

#include <stdexcept>

namespace memscale {

void LocalTransport::start_run(const RunSettings& settings) {
  for (const TrialRunner& run : runners_)
    workers_.push_back(std::make_unique<LocalWorker>(static_cast<int>(workers_.size()), run, settings, reports_));
}

void LocalTransport::assign(const Assignment& assignment) {
  if (assignment.ranks.size() != 1) throw std::logic_error("threads do not share a trial");
  workers_.at(static_cast<std::size_t>(assignment.ranks.front()))->assign(assignment.trials);
}

void LocalTransport::interrupt() {
  for (const auto& worker : workers_) worker->interrupt();
}

}  // namespace memscale
