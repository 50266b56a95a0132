#include "memscale/core/duration.hpp"

#include <string>

#include "catch.hpp"
#include "memscale/core/error.hpp"

using namespace memscale;

TEST_CASE("times as SLURM writes them, and numbers with a unit") {
  const auto seconds = [](const char* text) { return parse_duration("walltime", text); };
  CHECK(seconds("2-00:00:00") == 172800);
  CHECK(seconds("1-02:03:04") == 93784);
  CHECK(seconds("0-00:00:01") == 1);
  CHECK(seconds("1:30:00") == 5400);
  CHECK(seconds("100:00:00") == 360000);
  CHECK(seconds("10:00") == 600);
  CHECK(seconds("90s") == 90);
  CHECK(seconds("0.5s") == 0.5);
  CHECK(seconds("15m") == 900);
  CHECK(seconds("1.5h") == 5400);
  CHECK(seconds("2d") == 172800);
}

TEST_CASE("anything else is no time") {
  for (const char* text :
       {"",    "90",  "s",    "-5s",  "0s",     "1:2:3:4", "1-00", "1-00:00", "-1:00", "1:-5",  ":",  "1:",   ":30",
        "nan", "inf", "infs", "nanh", "1e300d", "1e5",     "5 s",  "5S",      "1h30m", "4000d", "--", "0x10s"}) {
    INFO(text);
    CHECK_THROWS_AS(parse_duration("walltime", text), InputError);
  }
  try {
    parse_duration("grace", "90");
  } catch (const InputError& error) {
    CHECK(std::string(error.what()).starts_with("invalid grace=90 (must be a time like 2-00:00:00"));
  }
}
