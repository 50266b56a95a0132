// A trial on a group of ranks is the trial alone, bit for bit.
#include <algorithm>
#include <atomic>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "experiment/memory_checkpoints.hpp"
#include "experiment/small_trial.hpp"
#include "memory_limit.hpp"
#include "memscale/experiment/run_trial.hpp"
#include "memscale/parallel/mailbox.hpp"
#include "world_group.hpp"

using namespace memscale;

namespace {

using enum OptimizerKind;

Trial several_steps(
    OptimizerKind optimizer, const std::function<void(Trial&)>& change = [](Trial&) {}) {
  return small_trial(optimizer, [&](Trial& t) {
    t.steps = optimizer == newton ? 1 : 4;
    t.eta_scale = EtaScale::sqrt_d;
    t.loss_measure = LossMeasure::exact;
    change(t);
  });
}

Trial thresholded(ThresholdRule rule, double value, double batch) {
  return several_steps(muon, [&](Trial& t) {
    t.gradient = GradientKind::thresholded;
    t.threshold = rule;
    t.threshold_value = value;
    t.batch = batch;
  });
}

Trial of_size(std::int64_t d, std::int64_t items) {
  return several_steps(muon, [&](Trial& t) {
    t.d = d;
    t.items = items;
  });
}

std::vector<Trial> kinds_of_trials() {
  std::vector<Trial> trials;
  for (OptimizerKind optimizer : {gd, ngd, signgd, adam, muon, newton}) trials.push_back(several_steps(optimizer));
  for (double batch : {1.0, 50.0, 1e4}) trials.push_back(several_steps(muon, [&](Trial& t) { t.batch = batch; }));
  for (double batch : {300.0, std::numeric_limits<double>::infinity()}) {
    trials.push_back(thresholded(ThresholdRule::argmax, 0, batch));
    trials.push_back(thresholded(ThresholdRule::margin, 1, batch));
    trials.push_back(thresholded(ThresholdRule::probability, 0.6, batch));
    trials.push_back(thresholded(ThresholdRule::rank, 1, batch));
  }
  trials.push_back(several_steps(muon, [](Trial& t) { t.momentum = 0.9; }));
  trials.push_back(several_steps(muon, [](Trial& t) {
    t.steps = 40;
    t.stop_growth = 0.05;
    t.stop_window = 3;
  }));
  trials.push_back(several_steps(gd, [](Trial& t) {  // diverges
    t.steps = 9;
    t.eta = 1e90;
    t.eta_growth = 1000;
  }));
  trials.push_back(several_steps(gd, [](Trial& t) {  // its loss does
    t.steps = 1;
    t.eta = 1e45;
  }));
  for (std::int64_t d : {1, 2, 7})
    for (std::int64_t items : {1, 2, 3, 50}) trials.push_back(of_size(d, items));
  trials.push_back(of_size(24, 1500));
  trials.push_back(small_trial(muon, [](Trial& t) { t.items = 7000; }));  // more items than ranks take at a time
  return trials;
}

Record run_alone(const Trial& trial) {
  Workspace workspace;
  return run_trial(trial, workspace);
}

std::vector<int> range(int first, int last) {
  std::vector<int> ranks(static_cast<std::size_t>(last - first));
  std::iota(ranks.begin(), ranks.end(), first);
  return ranks;
}

}  // namespace

TEST_CASE("a trial of any kind on a group of all ranks is the trial alone, bit for bit") {
  WorldGroup group;
  Workspace workspace(1 + group->rank() % 2);
  workspace.set_group(&*group);
  std::vector<TrialStatus> statuses;
  for (const Trial& trial : kinds_of_trials()) {
    const Record record = run_trial(trial, workspace);
    if (!group->leads()) continue;
    INFO(canonical_text(trial));
    CHECK(same(record, run_alone(trial)));
    CHECK(record.message.empty());
    statuses.push_back(record.result.status);
  }
  if (group->leads()) CHECK(std::count(statuses.begin(), statuses.end(), TrialStatus::diverged) == 2);
}

TEST_CASE("what a rank keeps of a group's trial serves its own trials, and the other way round") {
  WorldGroup group;
  Workspace workspace;
  for (double alpha : {1.5, 1.5, 2.0})
    for (bool shared : {true, false, true}) {
      workspace.set_group(shared ? &*group : nullptr);
      const Trial trial = small_trial(muon, alpha);
      const Record record = run_trial(trial, workspace);
      if (!shared || group->leads()) CHECK(same(record, run_alone(trial)));
    }
}

TEST_CASE("an error of any rank fails the trial with its message, and the next trial is sound") {
  WorldGroup group;
  Workspace workspace;
  workspace.set_group(&*group);
  const Trial sound = several_steps(muon);
  const auto check_next = [&] {
    const Record record = run_trial(sound, workspace);
    if (group->leads()) CHECK(same(record, run_alone(sound)));
  };
  SECTION("of the leader, in an update") {
    Trial singular = small_trial(newton);
    singular.items = 6;  // fewer outputs than dimensions
    const Record record = run_trial(singular, workspace);
    CHECK(record.result.status == TrialStatus::failed);
    CHECK(record.message.find("singular") != std::string::npos);
    check_next();
  }
  SECTION("of a member, within a step") {
    for (int bad = 1; bad < group->size(); ++bad) {
      const Record record = run_trial(group->rank() == bad ? of_size(13, 400) : sound, workspace);
      CHECK(record.result.status == TrialStatus::failed);
      CHECK(record.message == "the ranks of a group hold different numbers");
      check_next();
    }
  }
#ifndef MEMSCALE_SANITIZE
  SECTION("of any rank, out of memory") {
    for (int bad = 0; bad < group->size(); ++bad) {
      std::optional<MemoryLimit> limit;
      if (group->rank() == bad) limit.emplace(std::size_t{1} << 30);
      const Record record = run_trial(group->rank() == bad ? of_size(4096, 1000000) : sound, workspace);  // 16 GB of u
      limit.reset();
      CHECK(record.result.status == TrialStatus::failed);
      CHECK(record.message == "out of memory");
      check_next();
    }
  }
#endif
}

TEST_CASE("a trial goes on on other ranks than it was interrupted on") {
  const Communicator groups = Communicator::world();
  const std::vector<int> ranks = range(0, groups.size()), others(ranks.rbegin(), ranks.rend());
  std::uint64_t epoch = 0;
  for (const Trial& trial :
       {several_steps(muon, [](Trial& t) { t.momentum = 0.9; }), several_steps(adam),
        thresholded(ThresholdRule::argmax, 0, 300), thresholded(ThresholdRule::probability, 0.6, 300)})
    for (int pause = 0; pause <= trial.steps; ++pause) {  // the last before the loss is measured
      Workspace workspace;
      MemoryCheckpoints checkpoints;
      int pauses = 0;
      TrialControl control;
      control.checkpoints = &checkpoints;
      MpiRankGroup first(groups, ranks, ++epoch);
      workspace.set_group(&first);
      if (first.leads()) control.interrupted = StopAt{pause, &pauses};
      CHECK_FALSE(run_trial(trial, workspace, control));
      CHECK(checkpoints.saves == (first.leads() && pause > 0));
      control.interrupted = nullptr;
      MpiRankGroup second(groups, others, ++epoch);
      broadcast(&first, checkpoints.kept[trial_id(trial)]);  // files are everyone's
      first.finish("");
      if (pause == 0) checkpoints.kept.clear();
      workspace.set_group(&second);
      const std::optional<Record> record = run_trial(trial, workspace, control);
      if (!second.leads()) continue;
      INFO(canonical_text(trial));
      CHECK(same(record.value(), run_alone(trial)));
      CHECK(record->result.status == TrialStatus::ok);
    }
}

TEST_CASE("a trial on several ranks that takes longer than it may fails, and the next one is sound") {
  WorldGroup group;
  for (int limited = 0; limited < group->size(); ++limited) {
    Workspace workspace;
    workspace.set_group(&*group);
    TrialControl control;
    if (group->rank() == limited) control.timeout = 0;
    const Trial trial = several_steps(muon);
    const std::optional<Record> record = run_trial(trial, workspace, control);
    CHECK(record.value().message == "timed out after 0 s (--trial-timeout)");
    const Record next = run_trial(trial, workspace);
    if (group->leads()) CHECK(same(next, run_alone(trial)));
  }
}

TEST_CASE("groups of different sizes work side by side, with leaders of any rank") {
  const Communicator groups = Communicator::world();
  const int size = groups.size(), rank = groups.rank();
  Workspace workspace;
  std::uint64_t epoch = 0;
  // of ranks: 0 .. middle - 1, the rest; each begins where the one before it is done, without waiting for others
  for (int middle = 0; middle <= size; ++middle)
    for (bool reversed : {false, true}) {
      std::vector<int> ranks = rank < middle ? range(0, middle) : range(middle, size);
      if (reversed) std::reverse(ranks.begin(), ranks.end());
      MpiRankGroup group(groups, ranks, ++epoch);
      workspace.set_group(&group);
      const Trial trial = several_steps(muon, [&](Trial& t) { t.seed = 1 + ranks.front(); });
      const Record record = run_trial(trial, workspace);
      if (group.leads()) CHECK(same(record, run_alone(trial)));
    }
}

TEST_CASE("a group's trial runs in a thread beside one that sends letters") {
  WorldGroup group;
  const Communicator letters = Communicator::world();
  const Trial trial = of_size(24, 1500);
  Record record, other;
  other.message = std::string(std::size_t{1} << 18, 'a');
  std::atomic<bool> done = false;
  std::thread thread([&] {
    Workspace workspace;
    workspace.set_group(&*group);
    record = run_trial(trial, workspace);
    done = true;
  });
  Mailbox mailbox(letters);
  for (int letter = 0; letter < 10 || !done; ++letter) {
    mailbox.send(letters.rank(), ReportTrials{{.rank = 0, .records = {other}, .returned = {}, .idle = false}});
    while (!mailbox.receive()) std::this_thread::yield();
  }
  mailbox.flush();
  thread.join();
  if (group->leads()) CHECK(same(record, run_alone(trial)));
}
