#include "memscale/core/bytes.hpp"

#include <limits>

#include "catch.hpp"

using namespace memscale;

namespace {

struct Sample {
  std::int64_t whole = 0;
  double real = 0;
  std::string text;
  bool operator==(const Sample&) const = default;
};

template <class T, class F>
requires std::is_same_v<std::remove_const_t<T>, Sample>
void for_each_field(T& sample, F&& f) {
  f("whole", sample.whole);
  f("real", sample.real);
  f("text", sample.text);
}

}  // namespace

TEST_CASE("decode returns what encode was given, in sequence") {
  const Sample first{-5, std::numeric_limits<double>::infinity(), std::string("a\0b", 3)};
  const Sample second{std::numeric_limits<std::int64_t>::max(), -0.0, ""};
  ByteWriter out;
  encode(out, first);
  encode(out, second);
  ByteReader in(out.bytes());
  CHECK(decode<Sample>(in) == first);
  CHECK_FALSE(in.at_end());
  CHECK(decode<Sample>(in) == second);
  CHECK(in.at_end());
}

TEST_CASE("a record cut anywhere is refused, never read past its end") {
  ByteWriter out;
  encode(out, Sample{1, 2, "three"});
  for (std::size_t size = 0; size < out.bytes().size(); ++size) {
    // A copy of its own size, so that the address sanitizer sees a read past it.
    const std::vector<std::byte> cut(out.bytes().begin(), out.bytes().begin() + static_cast<std::ptrdiff_t>(size));
    ByteReader in(cut);
    CHECK_THROWS_AS(decode<Sample>(in), std::out_of_range);
  }
}

TEST_CASE("a text that claims more bytes than there are is refused") {
  ByteWriter out;
  out.put(std::uint32_t{0xffffffff});
  ByteReader in(out.bytes());
  std::string text;
  CHECK_THROWS_AS(in.get(text), std::out_of_range);
}
