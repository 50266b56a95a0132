#include "memscale/core/text.hpp"

#include <cmath>
#include <limits>

#include "catch.hpp"
#include "memscale/core/error.hpp"

using namespace memscale;

TEST_CASE("a double's text reads back as the same double") {
  for (double value : {0.0, 1.0, 0.1, 1.0 / 3, 1e-8, 5e-324, 1.7976931348623157e308, -2.5, 1.25 + 3 * 0.25}) {
    CAPTURE(value);
    CHECK(parse_double("x", to_text(value)) == value);
  }
  CHECK(to_text(0.1) == "0.1");
  CHECK(to_text(2.0) == "2");
  CHECK(to_text(std::numeric_limits<double>::infinity()) == "inf");
  CHECK(to_text(-std::numeric_limits<double>::infinity()) == "-inf");
  CHECK(to_text(std::nan("")) == "nan");
  CHECK(std::isinf(parse_double("x", "inf")));
  CHECK(std::isnan(parse_double("x", "nan")));
}

TEST_CASE("integers keep all 64 bits") {
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  CHECK(parse_integer("x", to_text(least)) == least);
  CHECK(to_text(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
}

TEST_CASE("a number is the whole text or none") {
  for (const char* bad : {"", " ", "1x", "x", "1 2", "0x10", "--1", "+-1", "++1", "+", "-", "1e999", "1,5"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(parse_double("x", bad), InputError);
  }
  for (const char* bad : {"", "1.0", "1e3", "9223372036854775808", "inf", "+-1"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(parse_integer("x", bad), InputError);
  }
  CHECK(parse_double("x", " +2.5 ") == 2.5);
  CHECK(parse_integer("x", "\t-7\r\n") == -7);
}

TEST_CASE("a number that is too large is told from a text that is no number") {
  const auto reason = [](auto parse, const char* text) -> std::string {
    try {
      parse("x", text);
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  const auto real = [](const char* key, const char* text) { parse_double(key, text); };
  CHECK(reason(real, "1e400") == "invalid x=1e400 (must be within the range of a 64-bit float)");
  CHECK(reason(real, "-1e-400") == "invalid x=-1e-400 (must be within the range of a 64-bit float)");
  CHECK(reason(real, "1e400x") == "invalid x=1e400x (must be a number)");
  CHECK(reason(real, "") == "invalid x= (must be a number)");
  CHECK(reason(parse_integer, "9223372036854775808") ==
        "invalid x=9223372036854775808 (must be within the range of a 64-bit integer)");
  CHECK(reason(parse_integer, "9223372036854775808.5") == "invalid x=9223372036854775808.5 (must be a whole number)");
}

TEST_CASE("hexadecimal ids have 16 digits") {
  for (std::uint64_t id : {std::uint64_t{0}, std::uint64_t{0x0123456789abcdef}, ~std::uint64_t{0}})
    CHECK(parse_hex("id", to_hex(id)) == id);
  CHECK(to_hex(0xabc) == "0000000000000abc");
  for (const char* bad : {"", "abc", "000000000000000g", "00000000000000000", " 000000000000000", "-000000000000001"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(parse_hex("id", bad), InputError);
  }
}

TEST_CASE("trimmed takes white space from both ends only") {
  CHECK(trimmed("  a b\t\r\n") == "a b");
  CHECK(trimmed(" \t ").empty());
  CHECK(trimmed("").empty());
}
