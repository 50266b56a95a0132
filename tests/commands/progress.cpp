#include "memscale/commands/progress.hpp"

#include "catch.hpp"

using namespace memscale;

TEST_CASE("progress counts what is stored, its rate what this run has done") {
  const Progress progress(200, 100);
  CHECK(progress.line({}, 1) == "100/200 trials (50.0%)");
  CHECK(progress.line({.synced = 25}, 10) == "125/200 trials (62.5%), 2.5 a second");
  CHECK(progress.line({.synced = 25, .running = 3}, 0.01) == "125/200 trials (62.5%), 3 running, 2500 a second");
  CHECK(progress.line({.synced = 100}, 50) == "200/200 trials (100.0%), 2 a second");
}

TEST_CASE("progress says when the end is expected, and how well that is known") {
  const Progress progress(200, 100);
  CHECK(progress.line({.running = 1, .eta_seconds = 2292, .eta_error = 360}, 1) ==
        "100/200 trials (50.0%), 1 running, ETA 0:38:12 +- 0:06:00");
  CHECK(eta_text(0, std::nullopt) == "ETA 0:00:00");
}

TEST_CASE("a log gets a line every 30 s at first, every 5 minutes after ten, not one a second") {
  double elapsed = 0;
  int lines = 0;
  for (; elapsed < 12 * 3600; elapsed += log_interval(elapsed)) ++lines;
  CHECK(log_interval(0) == 30);
  CHECK(log_interval(599) == 30);
  CHECK(log_interval(601) == 300);
  CHECK(lines == 20 + (12 * 3600 - 600) / 300);
}
