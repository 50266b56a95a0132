#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "memscale/schedule/local_worker.hpp"

namespace memscale {

/// Ranks that are threads of this process: what runs without MPI. They do not share trials.
class LocalTransport final : public Transport {
 public:
  /// One rank for each runner.
  explicit LocalTransport(std::vector<TrialRunner> runners) : runners_(std::move(runners)) {}

  int ranks() const override { return static_cast<int>(runners_.size()); }
  void start_run(const RunSettings& settings) override;
  /// Throws std::logic_error for more than one rank.
  void assign(const Assignment& assignment) override;
  void interrupt() override;
  std::optional<Report> wait(std::chrono::milliseconds limit) override { return reports_.wait(limit); }

 private:
  std::vector<TrialRunner> runners_;
  ReportQueue reports_;
  std::vector<std::unique_ptr<LocalWorker>> workers_;
};

}  // namespace memscale
