#include "memscale/analysis/timeline.hpp"

#include <cmath>
#include <limits>

#include "catch.hpp"
#include "memscale/analysis/figures.hpp"

using namespace memscale;

namespace {

Record ran(std::int64_t rank, double started, double seconds, OptimizerKind optimizer = OptimizerKind::muon,
           const std::string& host = "node1") {
  Record record;
  record.trial.optimizer = optimizer;
  record.cost.rank = rank;
  record.cost.started = 1.7e9 + started;
  record.cost.seconds = seconds;
  record.cost.host = host;
  return record;
}

/// Busy time of all ranks, in shown seconds.
double busy(const Schedule& schedule) {
  double sum = 0;
  for (const ScheduleBar& bar : schedule.bars)
    sum += (bar.to - bar.from) * static_cast<double>(bar.last - bar.first + 1);
  return sum;
}

}  // namespace

TEST_CASE("few trials have a bar each, at their time and rank") {
  Timeline timeline;
  timeline.add(ran(2, 10, 5, OptimizerKind::gd));
  timeline.add(ran(1, 8, 4));
  const Schedule schedule = timeline.schedule();
  REQUIRE(schedule.bars.size() == 2);
  CHECK(schedule.started == 1.7e9 + 8);
  CHECK(schedule.end == Approx(7));
  CHECK(schedule.rows.size() == 2);
  CHECK(schedule.rows[0].rank == 1);
  CHECK(schedule.optimizers == std::vector<std::string>{"gd", "muon"});
  CHECK(schedule.bars[0].first == 0);
  CHECK(schedule.bars[0].from == Approx(0).margin(1e-6));
  CHECK(schedule.bars[0].to == Approx(4));
  CHECK(schedule.bars[1].first == 1);
  CHECK(schedule.bars[1].optimizer == 0);
  CHECK(schedule.bars[1].from == Approx(2));
  CHECK(schedule.gaps.empty());
  CHECK(schedule.resolution == 0);
}

TEST_CASE("idle time between runs is cut out and told; short waits are not") {
  Timeline timeline;
  for (int run = 0; run < 3; ++run)
    for (int i = 0; i < 10; ++i) timeline.add(ran(0, run * 86400 + i * 10.1, 10));
  const Schedule schedule = timeline.schedule();
  REQUIRE(schedule.gaps.size() == 2);
  CHECK(schedule.gaps[0].seconds == Approx(86400 - 100.9));
  CHECK(schedule.end < 400);
  CHECK(busy(schedule) == Approx(300));
  for (std::size_t i = 0; i + 1 < schedule.bars.size(); ++i)
    CHECK(schedule.bars[i].to <= schedule.bars[i + 1].from + 1e-3);
  for (const ScheduleGap& gap : schedule.gaps)
    for (const ScheduleBar& bar : schedule.bars) CHECK((bar.to < gap.at || bar.from > gap.at));
}

TEST_CASE("neighbouring trials below a pixel become one bar; busy time stays") {
  Timeline timeline;
  constexpr int trials = 100000;
  for (int i = 0; i < trials; ++i) timeline.add(ran(i % 4, i / 4 * 0.01, 0.01));
  const Schedule schedule = timeline.schedule();
  REQUIRE(schedule.bars.size() == 8);  // of each rank one that says busy, and one on top that says by muon
  for (std::size_t i = 0; i < 8; ++i) CHECK(schedule.bars[i].optimizer == (i < 4 ? 1 : 0));
  CHECK(schedule.resolution > 0);
  CHECK(busy(schedule) == Approx(2 * trials * 0.01).epsilon(0.01));
}

TEST_CASE("where optimizers alternate below a pixel, busy time is told to a pixel, and no optimizer's") {
  Timeline timeline;
  for (int i = 0; i < 20000; ++i)
    timeline.add(ran(0, i * 0.01, 0.01, i % 2 == 0 ? OptimizerKind::gd : OptimizerKind::muon));
  timeline.add(ran(1, 0, 50));
  const Schedule schedule = timeline.schedule();
  REQUIRE(schedule.bars.size() == 3);
  CHECK(schedule.bars[0].optimizer == 2);
  CHECK(schedule.bars[0].to == Approx(200).epsilon(0.005));
  CHECK(schedule.bars[1].to == Approx(50).epsilon(0.01));
  CHECK(schedule.optimizers[schedule.bars[2].optimizer] == "muon");
  CHECK(schedule.bars[2].first == 1);
}

TEST_CASE("bars stay few, whatever the pattern, and thousands of ranks share rows") {
  Timeline timeline;
  for (int rank = 0; rank < 4096; ++rank)
    for (int i = 0; i < 30; ++i)
      timeline.add(ran(rank, i * 7 + rank % 13, 5 + rank % 3, i % 2 == 0 ? OptimizerKind::gd : OptimizerKind::muon,
                       "node" + std::to_string(rank / 64)));
  const Schedule schedule = timeline.schedule();
  CHECK(schedule.rows.size() == 4096);
  CHECK(schedule.row_bin == 32);
  CHECK(schedule.bars.size() <= 3000);
  CHECK(schedule.bars.size() >= 128);
  for (const ScheduleBar& bar : schedule.bars) {
    CHECK(bar.last < 4096);
    CHECK(bar.to > bar.from);
  }
  const auto figure = schedule_figure(timeline);
  REQUIRE(figure);
  CHECK(figure->figure.data.size() < 300000);
}

TEST_CASE("one rank of two hosts has two rows, hosts in the order of their first rank") {
  Timeline timeline;
  timeline.add(ran(3, 0, 1, OptimizerKind::gd, "a"));
  timeline.add(ran(0, 0, 1, OptimizerKind::gd, "b"));
  timeline.add(ran(3, 0, 1, OptimizerKind::gd, "b"));
  const Schedule schedule = timeline.schedule();
  REQUIRE(schedule.rows.size() == 3);
  CHECK(schedule.rows[0].host == "b");
  CHECK(schedule.rows[1].rank == 3);
  CHECK(schedule.rows[2].host == "a");
}

TEST_CASE("trials that do not know when they ran are passed over") {
  Timeline timeline;
  timeline.add(ran(0, -1.7e9, 1));
  timeline.add(ran(0, 5, 0));
  timeline.add(ran(0, 5, std::numeric_limits<double>::quiet_NaN()));
  CHECK(timeline.schedule().bars.empty());
  CHECK_FALSE(schedule_figure(timeline));
}
