#include "memscale/experiment/value_list.hpp"

#include "catch.hpp"
#include "memscale/core/error.hpp"

using namespace memscale;

namespace {

template <class Parse>
std::string refusal(Parse parse, const char* text) {
  try {
    parse("key", text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

std::vector<std::int64_t> integers(std::string_view key, std::string_view text) {
  return parse_integers(key, text);
}

}  // namespace

TEST_CASE("lists and ranges of whole numbers") {
  using Values = std::vector<std::int64_t>;
  CHECK(parse_integers("d", "64") == Values{64});
  CHECK(parse_integers("d", " 64,128 , 256 ") == Values{64, 128, 256});
  CHECK(parse_integers("seed", "1:4") == Values{1, 2, 3, 4});
  CHECK(parse_integers("seed", "3:3") == Values{3});
  CHECK(parse_integers("d", "16, 64:64:200, 7") == Values{16, 64, 128, 192, 7});
  CHECK(parse_integers("seed", "-9223372036854775808:9223372036854775807:9223372036854775807") ==
        Values{INT64_MIN, -1, INT64_MAX - 1});
}

TEST_CASE("a range of real numbers holds the doubles that its decimals name") {
  CHECK(parse_reals("alpha", "1.25:0.25:3") == std::vector<double>{1.25, 1.5, 1.75, 2, 2.25, 2.5, 2.75, 3});
  CHECK(parse_reals("x", "0.1:0.1:0.7") == std::vector<double>{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7});
  CHECK(parse_reals("x", "1:0.1:1.25") == std::vector<double>{1, 1.1, 1.2});
  CHECK(parse_reals("x", "1e-8:1e-8:3e-8") == std::vector<double>{1e-8, 2e-8, 3e-8});
  CHECK(parse_reals("alpha", "1:3") == std::vector<double>{1, 2, 3});
  CHECK(parse_reals("batch", "inf, 100").front() == std::numeric_limits<double>::infinity());
  CHECK(parse_reals("x", "0:1e-6:0.5").size() == 500001);
}

TEST_CASE("what is no list of values is refused by name") {
  CHECK(refusal(integers, "8:1") == "invalid key=8:1 (a range must not run backwards)");
  CHECK(refusal(integers, "1, 8:1") == "invalid key=8:1 (a range must not run backwards)");
  CHECK(refusal(integers, "1:0:8") == "invalid key=1:0:8 (a range must have a positive step)");
  CHECK(refusal(parse_reals, "3:-0.5:1") == "invalid key=3:-0.5:1 (a range must have a positive step)");
  CHECK(refusal(parse_reals, "1.25:3") ==
        "invalid key=1.25:3 (first:last must have whole ends; write first:step:last)");
  CHECK(refusal(parse_reals, "1:nan:3") == "invalid key=1:nan:3 (a range must have finite ends)");
  CHECK(refusal(parse_reals, "1:inf") == "invalid key=1:inf (a range must have finite ends)");
  CHECK(refusal(integers, "1.5") == "invalid key=1.5 (must be a whole number of 64 bits)");
  CHECK(refusal(parse_reals, "auto") == "invalid key=auto (must be a number)");
  for (const char* bad : {"", " ", ",", "1,", ",1", "1,,2"})
    CHECK(refusal(integers, bad) ==
          "invalid key=" + std::string(bad) + " (must not be empty or hold an empty element)");
  for (const char* bad : {":", "1:", ":1", "1::2", "8:8:16:24", "a:b", "1:9223372036854775808"})
    CHECK(refusal(integers, bad) ==
          "invalid key=" + std::string(bad) +
              " (a range must be first:last or first:step:last, of whole numbers of 64 bits)");
  for (const char* bad : {":", "1:x", "1:2:3:4", "1:1e400"})
    CHECK(refusal(parse_reals, bad) ==
          "invalid key=" + std::string(bad) + " (a range must be first:last or first:step:last, of finite numbers)");
}

TEST_CASE("a key takes at most a million values") {
  const std::string too_many = " (must not name more than 1000000 values)";
  CHECK(parse_integers("seed", "1:1000000").size() == most_values);
  CHECK(refusal(integers, "0:1000000") == "invalid key=0:1000000" + too_many);
  CHECK(refusal(integers, "0:9223372036854775807") == "invalid key=0:9223372036854775807" + too_many);
  CHECK(refusal(integers, "-9223372036854775808:9223372036854775807") ==
        "invalid key=-9223372036854775808:9223372036854775807" + too_many);
  CHECK(refusal(integers, "1:600000, 1:600000") == "invalid key=1:600000, 1:600000" + too_many);
  CHECK(refusal(parse_reals, "0:1e-300:1") == "invalid key=0:1e-300:1" + too_many);
}
