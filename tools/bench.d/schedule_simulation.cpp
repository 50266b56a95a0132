#include "schedule_simulation.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "machine.hpp"

namespace memscale::bench {

namespace {

constexpr double report_interval = 0.5;  // as in schedule/run_batch.cpp

/// The longest that a message waits for a rank that has polled for so many seconds (see Backoff).
double longest_pause(double waited) {
  return std::clamp(waited / 4, 20e-6, 1e-3);
}

/// What a trial of so many seconds reports.
Record record_of(const Trial& trial, const TrialSeconds& took) {
  Record record{.trial = trial, .result = {}, .trace = {}, .recall = {}, .cost = {}, .message = {}};
  record.result.steps_done = trial.steps;
  Cost& cost = record.cost;
  cost.seconds = took.total();
  cost.seconds_embeddings = took.embeddings;
  cost.seconds_gradient = took.first_gradient;
  cost.seconds_update = took.update;
  cost.seconds_capacity = took.capacity;
  cost.seconds_measures = took.measures;
  return record;
}

class Results final : public RunObserver {
 public:
  Results(SimulatedRanks& ranks, double keep_record) : ranks_(ranks), keep_record_(keep_record) {}
  void on_assigned(const Assignment&) override {}
  void on_records(int, std::vector<Record> records) override {
    ranks_.spend(keep_record_ * static_cast<double>(records.size()));
    count_ += records.size();
  }
  void on_idle(std::span<const int>) override {}
  void on_turn() override {}
  std::size_t count() const { return count_; }

 private:
  SimulatedRanks& ranks_;
  double keep_record_;
  std::size_t count_ = 0;
};

}  // namespace

SimulatedRanks::SimulatedRanks(int ranks, const TrueCosts& costs, const MessageCosts& messages)
    : costs_(costs), messages_(messages), ranks_(static_cast<std::size_t>(ranks)) {}

void SimulatedRanks::take_dispatch_time() {
  const double seconds = cpu_seconds_of_thread() - clock_;
  dispatch_seconds_ += seconds;
  leader_seconds_ += seconds;
  now_ += seconds;
}

void SimulatedRanks::spend(double seconds) {
  leader_seconds_ += seconds;
  now_ += seconds;
}

void SimulatedRanks::start_run(const RunSettings&) {
  spend(messages_.send * static_cast<double>(ranks_.size()));
  clock_ = cpu_seconds_of_thread();
}

TrialSeconds SimulatedRanks::run(const Trial& trial, Rank& rank) const {
  TrialSeconds seconds = costs_.of(trial);
  const std::uint64_t bundle = bundle_key(trial);
  const bool has_embeddings = rank.bundle == bundle;
  if (has_embeddings && rank.alpha == trial.alpha && rank.batch == trial.batch) seconds.first_gradient = 0;
  if (has_embeddings) seconds.embeddings = 0;
  rank.bundle = bundle;
  rank.alpha = trial.alpha;
  rank.batch = trial.batch;
  return seconds;
}

void SimulatedRanks::assign(const Assignment& assignment) {
  take_dispatch_time();
  if (assignment.ranks.size() != 1) throw std::logic_error("simulated ranks do not share a trial");
  spend(messages_.send + messages_.send_trial * static_cast<double>(assignment.trials.size()));
  ++assignments_;
  const int number = assignment.ranks.front();
  Rank& rank = ranks_[static_cast<std::size_t>(number)];
  const double arrival = now_ + messages_.latency;
  double time = arrival + longest_pause(arrival - rank.free_since), reported = time;
  const auto begin = [&] { return Report{.rank = number, .records = {}, .returned = {}, .idle = false}; };
  Report report = begin();
  for (const Trial& trial : assignment.trials) {
    const TrialSeconds took = run(trial, rank);
    time += took.total();
    at_work_ += took.total();
    report.records.push_back(record_of(trial, took));
    if (time - reported >= report_interval) {
      come(time, std::exchange(report, begin()));
      reported = time;
    }
  }
  report.idle = true;
  come(time, std::move(report));
  rank.free_since = time;
  clock_ = cpu_seconds_of_thread();
}

void SimulatedRanks::come(double time, Report report) {
  coming_.push({time + messages_.latency, order_++, std::move(report)});
}

std::optional<Report> SimulatedRanks::wait(std::chrono::milliseconds) {
  take_dispatch_time();
  if (coming_.empty()) throw std::logic_error("nobody is at work");
  const double time = coming_.top().time;
  Report report = std::move(const_cast<Coming&>(coming_.top()).report);  // popped at once: its place does not change
  coming_.pop();
  if (time > now_) now_ = time + longest_pause(time - now_);
  spend(messages_.receive + messages_.receive_record * static_cast<double>(report.records.size()));
  clock_ = cpu_seconds_of_thread();
  return report;
}

nlohmann::json simulate_run(const std::vector<Trial>& trials, int ranks, double batch_seconds, const TrueCosts& costs,
                            const MessageCosts& messages) {
  SimulatedRanks simulated(ranks, costs, messages);
  Results results(simulated, messages.keep_record);
  Scheduler scheduler(trials, {.ranks = ranks, .batch_seconds = batch_seconds});
  Dispatcher dispatcher(scheduler, simulated, results);
  dispatcher.set_clock([&] { return simulated.now(); });
  simulated.start_run({});
  dispatcher.run();
  if (results.count() != trials.size()) throw std::runtime_error("trials are missing");

  const auto [total, longest] = costs.bound(trials);
  const double count = static_cast<double>(trials.size()), makespan = simulated.now();
  const double bound = std::max(total / ranks, longest);
  return {{"ranks", ranks},
          {"trials", trials.size()},
          {"makespan", makespan},
          {"total", total},
          {"longest", longest},
          {"bound", bound},
          {"efficiency", bound / makespan},
          {"idle", 1 - simulated.at_work() / (ranks * makespan)},
          {"again", (simulated.at_work() - total) / total},
          {"leader_micro", 1e6 * simulated.leader_seconds() / count},
          {"dispatch_micro", 1e6 * simulated.dispatch_seconds() / count},
          {"leader_share", simulated.leader_seconds() / makespan},
          {"together", count / static_cast<double>(simulated.assignments())}};
}

}  // namespace memscale::bench
