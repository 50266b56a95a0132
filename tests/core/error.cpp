#include "memscale/core/error.hpp"

#include "catch.hpp"
#include "memscale/core/enum_names.hpp"

using namespace memscale;

namespace {
enum class Fruit { apple, pear };
}

template <>
struct memscale::EnumNames<Fruit> {
  static constexpr std::array<std::string_view, 2> names{"apple", "pear"};
};

TEST_CASE("invalid() follows the grammar of messages") {
  CHECK(std::string(invalid("alpha", "-1", "must be positive").what()) == "invalid alpha=-1 (must be positive)");
}

TEST_CASE("a message is one line of bounded length, whatever the value holds") {
  const std::string message = invalid("k\ney", "a\r\nb\x1b[31m" + std::string(1000, 'x'), "why").what();
  for (char c : message) CHECK(static_cast<unsigned char>(c) >= 0x20);
  CHECK(message.size() < 200);
  const std::string path = "open no\ndir/" + std::string(100, 'x') + ": No such file";
  CHECK(std::string(invalid("store", "x", path).what()) ==
        "invalid store=x (open no?dir/" + std::string(100, 'x') + ": No such file)");
  CHECK(printable("caf\xc3\xa9") == "caf\xc3\xa9");
}

TEST_CASE("enum names map both ways and unknown ones list what is allowed") {
  CHECK(name_of(Fruit::pear) == "pear");
  CHECK(parse_enum<Fruit>("fruit", "apple") == Fruit::apple);
  CHECK_FALSE(find_enum<Fruit>("Apple").has_value());
  try {
    parse_enum<Fruit>("fruit", "plum");
    FAIL("plum is no fruit");
  } catch (const InputError& error) {
    CHECK(std::string(error.what()) == "invalid fruit=plum (must be one of apple, pear)");
  }
}
