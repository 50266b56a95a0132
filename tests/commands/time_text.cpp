#include "memscale/commands/time_text.hpp"

#include "catch.hpp"

using namespace memscale;

TEST_CASE("a clock shows hours, minutes and seconds") {
  CHECK(clock_text(0) == "0:00:00");
  CHECK(clock_text(-3) == "0:00:00");
  CHECK(clock_text(59.6) == "0:01:00");
  CHECK(clock_text(3723) == "1:02:03");
  CHECK(clock_text(360000) == "100:00:00");
}

TEST_CASE("spans of time are shown in a unit that suits them") {
  CHECK(span_text(-5) == "0 s");
  CHECK(span_text(12) == "12 s");
  CHECK(span_text(300) == "5 min");
  CHECK(span_text(3 * 3600) == "3.0 h");
  CHECK(span_text(12 * 86400) == "12 days");
  CHECK(seconds_text(0.000412) == "0.000412 s");
  CHECK(seconds_text(340.4) == "340 s");
  CHECK(seconds_text(3723) == "1:02:03");
}

TEST_CASE("times of day and numbers are brief") {
  CHECK(time_text(0) == "1970-01-01 00:00:00 UTC");
  CHECK(time_text(1706702400.7) == "2024-01-31 12:00:00 UTC");
  CHECK(brief_text(0.01234) == "0.0123");
  CHECK(brief_text(149.2) == "149");
  CHECK(brief_text(12345.6) == "12346");
  CHECK(brief_text(999.7) == "1000");
}
