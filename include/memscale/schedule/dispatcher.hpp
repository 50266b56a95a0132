#pragma once

#include <functional>

#include "memscale/schedule/transport.hpp"
#include "memscale/schedule/trial_queue.hpp"

namespace memscale {

/// Hands the trials of a queue to the workers of a transport until all are done. Knows neither MPI nor files: what
/// happens to the records, and besides, is up to two callbacks.
class Dispatcher {
 public:
  Dispatcher(TrialQueue& queue, Transport& transport) : queue_(queue), transport_(transport) {}

  /// Runs until every trial handed out has come back. Calls on_record with each record as it arrives, and on_turn
  /// first and then at least about every 50 ms. What a callback throws ends the run, with trials still out.
  void run(const std::function<void(const Record&)>& on_record, const std::function<void()>& on_turn);

  /// From a callback: hands out no more trials.
  void stop_issuing() { issuing_ = false; }
  bool issuing() const { return issuing_; }

 private:
  void hand_out(int worker);

  TrialQueue& queue_;
  Transport& transport_;
  int busy_ = 0;
  bool issuing_ = true;
};

}  // namespace memscale
