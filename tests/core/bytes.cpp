#include "memscale/core/bytes.hpp"

#include <limits>

#include "catch.hpp"

using namespace memscale;

namespace {

struct Sample {
  std::int64_t whole = 0;
  double real = 0;
  std::string text;
  std::vector<double> reals = {};
  std::vector<std::int32_t> wholes = {};
  bool operator==(const Sample&) const = default;
};

template <class T, class F>
requires std::is_same_v<std::remove_const_t<T>, Sample>
void for_each_field(T& sample, F&& f) {
  f("whole", sample.whole);
  f("real", sample.real);
  f("text", sample.text);
  f("reals", sample.reals);
  f("wholes", sample.wholes);
}

}  // namespace

TEST_CASE("decode returns what encode was given, in sequence") {
  const Sample first{-5, std::numeric_limits<double>::infinity(), std::string("a\0b", 3), {0.5, -0.0, 1e-310}, {7}};
  const Sample second{std::numeric_limits<std::int64_t>::max(), -0.0, "", {}, {1, 2, 3, -4, 5, 6, 7}};
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
  encode(out, Sample{1, 2, "three", {4, 5}, {6, 7, 8}});
  for (std::size_t size = 0; size < out.bytes().size(); ++size) {
    // A copy of its own size, so that the address sanitizer sees a read past it.
    const std::vector<std::byte> cut(out.bytes().begin(), out.bytes().begin() + static_cast<std::ptrdiff_t>(size));
    ByteReader in(cut);
    CHECK_THROWS_AS(decode<Sample>(in), std::out_of_range);
  }
}

TEST_CASE("numbers come back bit by bit, an empty row too") {
  const std::vector<double> reals{std::numeric_limits<double>::quiet_NaN(), -0.0,
                                  std::numeric_limits<double>::denorm_min()};
  ByteWriter out;
  out.put(std::uint8_t{1});  // so that the numbers are not aligned
  out.put(reals);
  out.put(std::vector<std::int64_t>());
  ByteReader in(out.bytes());
  std::uint8_t first = 0;
  std::vector<double> back{1, 2, 3, 4};
  std::vector<std::int64_t> empty{5};
  in.get(first);
  in.get(back);
  in.get(empty);
  CHECK(in.at_end());
  REQUIRE(back.size() == reals.size());
  CHECK(std::memcmp(back.data(), reals.data(), reals.size() * sizeof(double)) == 0);
  CHECK(empty.empty());
}

TEST_CASE("values without their number come back bit by bit") {
  const std::vector<double> reals{std::numeric_limits<double>::quiet_NaN(), -0.0, 0.1};
  ByteWriter out;
  out.put(std::uint8_t{1});
  out.put_all(std::span(reals));
  out.put_all(std::span<const std::int64_t>());
  CHECK(out.bytes().size() == 1 + 3 * sizeof(double));
  ByteReader in(out.bytes());
  std::uint8_t first = 0;
  std::vector<double> back(3), none, more(1);
  in.get(first);
  in.get_all(std::span(back));
  in.get_all(std::span(none));
  CHECK(in.at_end());
  CHECK(std::memcmp(back.data(), reals.data(), reals.size() * sizeof(double)) == 0);
  CHECK_THROWS_AS(in.get_all(std::span(more)), std::out_of_range);
}

TEST_CASE("a row that claims 4 GB is refused before any memory is taken") {
  for (const std::uint32_t size : {0xffffffffu, 0x20000000u, 2u}) {
    ByteWriter out;
    out.put(size);
    out.put(std::int64_t{1});
    ByteReader in(out.bytes());
    std::vector<double> values;
    CHECK_THROWS_AS(in.get(values), std::out_of_range);
    CHECK(values.capacity() == 0);
  }
}

TEST_CASE("a text that claims more bytes than there are is refused") {
  ByteWriter out;
  out.put(std::uint32_t{0xffffffff});
  ByteReader in(out.bytes());
  std::string text;
  CHECK_THROWS_AS(in.get(text), std::out_of_range);
}
