#include "memscale/model/gaussian_stream.hpp"

#include <Random123/philox.h>

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "memscale/core/cpu.hpp"

namespace memscale {

namespace {

std::vector<NormalKernel*> available_kernels() {
  std::vector<NormalKernel*> kernels{normals_plain};
#if defined(MEMSCALE_X86_KERNELS)
  if (cpu_runs(InstructionSet::avx2)) kernels.push_back(normals_avx2);
  if (cpu_runs(InstructionSet::avx512)) kernels.push_back(normals_avx512);
#endif
  return kernels;
}

std::vector<float> drawn(const GaussianStream& stream, std::size_t d, std::uint64_t first_item, std::size_t items) {
  std::vector<float> rows(items * d + 1, 77);
  stream.draw(first_item, static_cast<std::int64_t>(items), rows.data());
  REQUIRE(rows.back() == 77);  // nothing written past the end
  rows.pop_back();
  return rows;
}

std::vector<float> normals(std::uint64_t seed, Purpose purpose, std::size_t d, std::uint64_t item) {
  return drawn(GaussianStream(seed, purpose, std::vector<double>(d, 1)), d, item, 1);
}

/// Coordinate k of an item by Random123's Philox4x32-10 and the library's functions in long double.
double box_muller(std::uint64_t seed, Purpose purpose, std::uint32_t d, std::uint64_t item, std::uint32_t k) {
  const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
  const r123::Philox4x32::ctr_type counter = {
      {k / 4, low(item), low(item >> 32), static_cast<std::uint32_t>(purpose) << 24 | d}};
  const auto words = r123::Philox4x32()(counter, {{low(seed), low(seed >> 32)}});
  const std::uint32_t a = words[k % 4 / 2 * 2], b = words[k % 4 / 2 * 2 + 1];
  const long double radius = std::sqrt(-2 * std::log((a + 0.5L) / 4294967296.0L));
  const long double angle = 2 * 3.14159265358979323846264338327950288L * b / 4294967296.0L;
  return static_cast<double>(radius * (k % 2 == 0 ? std::cos(angle) : std::sin(angle)));
}

}  // namespace

TEST_CASE("rows are Box-Muller of Random123's Philox4x32-10, scaled in float64 and rounded once", "[model]") {
  // kernels differ from the reference by about 1e-15, which shows in float32 once in some 1e7 numbers
  const std::uint64_t seed = 0x123456789abcdef0, first_item = 0x6fffffffe;  // passes a multiple of 2^32
  const Purpose purpose = Purpose::output_embedding;
  for (NormalKernel* kernel : available_kernels())
    for (std::size_t d : {1, 2, 3, 4, 5, 63, 64, 65, 100, 255, 256, 257, 777, 1000}) {
      std::vector<double> scales;
      for (std::size_t k = 0; k < d; ++k) scales.push_back(1 / std::sqrt(3.0 + static_cast<double>(k)));
      const GaussianStream stream(seed, purpose, scales, kernel);
      for (std::size_t items : {1, 7, 33}) {
        const auto rows = drawn(stream, d, first_item, items);
        for (std::size_t i = 0; i < rows.size(); ++i) {
          const auto k = static_cast<std::uint32_t>(i % d);
          const double z = box_muller(seed, purpose, static_cast<std::uint32_t>(d), first_item + i / d, k);
          REQUIRE(rows[i] == static_cast<float>(z * scales[k]));
        }
      }
    }
}

TEST_CASE("the kernels of all instruction sets give the same bytes, items together or alone", "[model]") {
  for (std::size_t d : {1, 3, 24, 130, 1000}) {
    constexpr std::size_t items = 501;
    const std::vector<double> scales(d, 0.3);
    std::vector<float> alone;
    const GaussianStream plain(9, Purpose::input_embedding, scales, normals_plain);
    for (std::size_t i = 0; i < items; ++i)
      for (float x : drawn(plain, d, 1000 + i, 1)) alone.push_back(x);
    for (NormalKernel* kernel : available_kernels())
      CHECK((drawn({9, Purpose::input_embedding, scales, kernel}, d, 1000, items) == alone));
  }
}

TEST_CASE("normals depend on seed, purpose, d and item", "[model]") {
  const auto base = normals(1, Purpose::input_embedding, 300, 4);
  CHECK(base == normals(1, Purpose::input_embedding, 300, 4));
  CHECK(base != normals(2, Purpose::input_embedding, 300, 4));
  CHECK(base != normals(1, Purpose::output_embedding, 300, 4));
  CHECK(base != normals(1, Purpose::input_embedding, 300, 5));
  const auto other = normals(1, Purpose::input_embedding, 301, 4);
  CHECK(!std::equal(base.begin(), base.end(), other.begin()));
}

TEST_CASE("normals have the moments of N(0, 1)", "[model]") {
  constexpr int items = 4000, d = 500;
  constexpr double n = double{items} * d;
  double moment[5] = {};
  int beyond_3 = 0;
  for (int item = 0; item < items; ++item)
    for (float x : normals(7, Purpose::input_embedding, d, static_cast<std::uint64_t>(item))) {
      const double z = x;
      for (int k = 1; k < 5; ++k) moment[k] += std::pow(z, k) / n;
      beyond_3 += std::abs(z) > 3;
    }
  // five standard errors: Var z^k = 1, 2, 15, 96 for k = 1 .. 4
  CHECK(std::abs(moment[1]) < 5 * std::sqrt(1 / n));
  CHECK(std::abs(moment[2] - 1) < 5 * std::sqrt(2 / n));
  CHECK(std::abs(moment[3]) < 5 * std::sqrt(15 / n));
  CHECK(std::abs(moment[4] - 3) < 5 * std::sqrt(96 / n));
  const double tail = 0.0026997960632601866;  // P(|z| > 3)
  CHECK(std::abs(beyond_3 / n - tail) < 5 * std::sqrt(tail / n));
}

}  // namespace memscale
