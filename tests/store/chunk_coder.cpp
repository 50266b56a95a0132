#include "memscale/store/chunk_coder.hpp"

#include <cmath>
#include <cstring>
#include <functional>
#include <random>

#include "catch.hpp"

using namespace memscale;

namespace {

std::vector<std::byte> encode(ChunkEncoder& encoder, std::span<const std::byte> values, std::size_t value_size) {
  const auto encoded = encoder.encode(values, value_size);
  return {encoded.begin(), encoded.end()};
}

bool comes_back(ChunkEncoder& encoder, ChunkDecoder& decoder, std::span<const std::byte> values,
                std::size_t value_size) {
  const std::vector<std::byte> encoded = encode(encoder, values, value_size);
  std::vector<std::byte> decoded(values.size());
  return decoder.decode(encoded, decoded, value_size) && std::equal(values.begin(), values.end(), decoded.begin());
}

std::vector<double> made_of(std::size_t count, const std::function<double(std::size_t)>& number) {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(number(i));
  return values;
}

}  // namespace

TEST_CASE("chunks come back whatever their bytes are: chance, constants and patterns in any planes") {
  ChunkEncoder encoder;
  ChunkDecoder decoder;
  std::mt19937_64 random(3);
  for (const std::size_t count : {1, 2, 3, 31, 2047, 2048, 2049, 2307, 8191, 8192})
    for (const std::size_t value_size : {1, 4, 8, 13, 16})
      for (int round = 0; round < 20; ++round) {
        std::vector<int> kinds(value_size);
        for (int& kind : kinds) kind = static_cast<int>(random() % 5);
        std::vector<std::byte> values(count * value_size);
        for (std::size_t i = 0; i < values.size(); ++i) {
          const int kind = kinds[i % value_size];
          values[i] = static_cast<std::byte>(kind == 0   ? random() % 256
                                             : kind == 1 ? random() % 3
                                             : kind == 2 ? i / value_size % 256
                                             : kind == 3 ? 200
                                                         : 0);
        }
        INFO(count << " values of " << value_size << " bytes, round " << round);
        REQUIRE(comes_back(encoder, decoder, values, value_size));
      }
}

TEST_CASE("runs of every length come back") {
  ChunkEncoder encoder;
  ChunkDecoder decoder;
  for (std::size_t count = 2048; count < 2048 + 3 * 258; ++count) {
    const std::vector<std::byte> values(count, static_cast<std::byte>(count));
    REQUIRE(comes_back(encoder, decoder, values, 1));
  }
}

TEST_CASE("numbers that were measured are stored at the size of their chance, constants at almost none") {
  ChunkEncoder encoder;
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> chance(1, 2);
  const auto size_of = [&](const std::vector<double>& values) {
    return static_cast<double>(encoder.encode(std::as_bytes(std::span(values)), sizeof(double)).size()) /
           static_cast<double>(values.size() * sizeof(double));
  };
  CHECK(size_of(made_of(8192, [&](std::size_t) { return chance(random); })) < 52.0 / 64 + 0.03);
  CHECK(size_of(made_of(8192, [](std::size_t) { return 0.0; })) < 0.01);
  CHECK(size_of(made_of(8192, [](std::size_t) { return std::nan(""); })) < 0.01);
  // Bytes spread as evenly as chance would, but in an order that repeats.
  CHECK(size_of(made_of(8192, [](std::size_t i) { return static_cast<double>(i % 256) / 256; })) < 0.05);
}

TEST_CASE("a damaged chunk never gives other values, and a whole one only its own number of bytes") {
  ChunkEncoder encoder;
  ChunkDecoder decoder;
  std::mt19937_64 random(3);
  // 2500 values, so that the lower planes are stored and the upper ones compressed.
  const std::vector<double> values =
      made_of(2500, [&](std::size_t i) { return i % 2 == 0 ? 0.5 : static_cast<double>(random() >> 12); });
  const auto bytes = std::as_bytes(std::span(values));
  const std::vector<std::byte> whole = encode(encoder, bytes, sizeof(double));
  std::vector<std::byte> decoded(bytes.size());
  REQUIRE(decoder.decode(whole, decoded, sizeof(double)));
  for (int i = 0; i < 3000; ++i) {
    std::vector<std::byte> damaged = whole;
    const std::size_t bit = random() % (8 * damaged.size());
    damaged[bit / 8] ^= static_cast<std::byte>(1 << (bit % 8));
    if (decoder.decode(damaged, decoded, sizeof(double)))
      REQUIRE(std::equal(bytes.begin(), bytes.end(), decoded.begin()));  // a bit of padding
  }
  for (std::size_t size = 0; size < whole.size(); size += 1 + random() % 100)
    REQUIRE_FALSE(decoder.decode(std::span(whole).first(size), decoded, sizeof(double)));
  std::vector<std::byte> longer = whole;
  longer.push_back(std::byte{0});
  CHECK_FALSE(decoder.decode(longer, decoded, sizeof(double)));
  decoded.resize(bytes.size() + sizeof(double));
  CHECK_FALSE(decoder.decode(whole, decoded, sizeof(double)));
  decoded.resize(bytes.size() - sizeof(double));
  CHECK_FALSE(decoder.decode(whole, decoded, sizeof(double)));
}
