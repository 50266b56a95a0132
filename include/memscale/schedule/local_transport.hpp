#pragma once

#include <memory>
#include <vector>

#include "memscale/schedule/local_worker.hpp"

namespace memscale {

/// Workers that are threads of this process: what runs without MPI.
class LocalTransport final : public Transport {
 public:
  /// One worker for each runner.
  explicit LocalTransport(const std::vector<TrialRunner>& runners);

  int workers() const override { return static_cast<int>(workers_.size()); }
  void assign(int worker, const Trial& trial) override;
  std::optional<Finished> wait(std::chrono::milliseconds limit) override { return finished_.wait(limit); }

 private:
  FinishedQueue finished_;
  std::vector<std::unique_ptr<LocalWorker>> workers_;
};

}  // namespace memscale
