#include "memscale/commands/progress.hpp"

#include "catch.hpp"

using namespace memscale;

TEST_CASE("progress counts what is stored, its rate what this run has done") {
  Progress progress(200, 100, 50.0);
  CHECK(progress.count_text(0, 1) == "100/200 trials (50.0%)");
  CHECK(progress.count_text(25, 10) == "125/200 trials (62.5%), 2.5 a second");
  CHECK(progress.count_text(25, 0.01) == "125/200 trials (62.5%), 2500 a second");
  CHECK(progress.count_text(100, 50) == "200/200 trials (100.0%), 2 a second");
}

TEST_CASE("the end is expected from the cost of what has come back") {
  Progress progress(200, 100, 50.0);
  CHECK(progress.eta_text(1) == "");
  progress.add_finished(10.0);
  CHECK(progress.eta_text(10) == ", ETA 0:00:40");  // 40 of cost 50 at 1 a second
  progress.add_finished(40.0);
  CHECK(progress.eta_text(50) == ", ETA 0:00:00");
}

TEST_CASE("a clock shows hours, minutes and seconds") {
  CHECK(clock_text(0) == "0:00:00");
  CHECK(clock_text(59.6) == "0:01:00");
  CHECK(clock_text(3723) == "1:02:03");
  CHECK(clock_text(360000) == "100:00:00");
}
