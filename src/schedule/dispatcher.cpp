#include "memscale/schedule/dispatcher.hpp"

namespace memscale {

namespace {

constexpr std::chrono::milliseconds turn_limit{50};  // signals wait at most this long for on_turn

}  // namespace

void Dispatcher::run(const std::function<void(const Record&)>& on_record, const std::function<void()>& on_turn) {
  on_turn();  // the end may have been asked for before the beginning
  for (int worker = 0; worker < transport_.workers(); ++worker) hand_out(worker);
  while (busy_ > 0) {
    on_turn();
    const auto finished = transport_.wait(turn_limit);
    if (!finished) continue;
    --busy_;
    hand_out(finished->worker);  // first, so that the worker need not wait for the disk
    on_record(finished->record);
  }
}

void Dispatcher::hand_out(int worker) {
  if (!issuing_) return;
  const auto trial = queue_.next(worker);
  if (!trial) return;
  transport_.assign(worker, *trial);
  ++busy_;
}

}  // namespace memscale
