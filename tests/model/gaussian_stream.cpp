#include "memscale/model/gaussian_stream.hpp"

#include <Random123/philox.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "catch.hpp"
#include "memscale/core/cpu.hpp"
#include "memscale/model/normal_kernel.hpp"

namespace memscale {

namespace {

std::vector<double> normals(std::uint64_t seed, Purpose purpose, std::uint32_t d, std::uint64_t item,
                            std::size_t count) {
  std::vector<double> out(count);
  standard_normals(seed, purpose, d, item, out);
  return out;
}

}  // namespace

TEST_CASE("normals are Box-Muller of Random123's Philox4x32-10", "[model]") {
  const std::uint64_t seed = 0x123456789abcdef0, item = 0x700000003;
  const std::uint32_t d = 777;
  const auto out = normals(seed, Purpose::output_embedding, d, item, d);
  for (std::uint32_t k = 0; k < d; ++k) {
    const r123::Philox4x32::ctr_type counter = {{k / 4, 3, 7, 2u << 24 | d}};
    const r123::Philox4x32::key_type key = {{0x9abcdef0, 0x12345678}};
    const auto words = r123::Philox4x32()(counter, key);
    const std::uint32_t a = words[k % 4 / 2 * 2], b = words[k % 4 / 2 * 2 + 1];
    const double radius = std::sqrt(-2 * std::log((a + 0.5) / 4294967296.0)), angle = 2 * M_PI * b / 4294967296.0;
    CHECK(out[k] == Approx(radius * (k % 2 == 0 ? std::cos(angle) : std::sin(angle))).margin(1e-13).epsilon(1e-13));
  }
}

TEST_CASE("the kernels of all instruction sets give the same bytes", "[model]") {
#if defined(MEMSCALE_X86_KERNELS)
  double plain[4][normal_lanes], other[4][normal_lanes];
  for (std::uint64_t item = 0; item < 500; ++item) {
    normals_plain(item * 77, 5, item, 3, plain);
    if (cpu_runs(InstructionSet::avx2)) {
      normals_avx2(item * 77, 5, item, 3, other);
      REQUIRE(std::memcmp(plain, other, sizeof plain) == 0);
    }
    if (cpu_runs(InstructionSet::avx512)) {
      normals_avx512(item * 77, 5, item, 3, other);
      REQUIRE(std::memcmp(plain, other, sizeof plain) == 0);
    }
  }
#else
  SUCCEED("one kernel only");
#endif
}

TEST_CASE("normals depend on seed, purpose, d and item; fewer coordinates are a prefix of more", "[model]") {
  const auto base = normals(1, Purpose::input_embedding, 300, 4, 300);
  CHECK(base == normals(1, Purpose::input_embedding, 300, 4, 300));
  CHECK(base != normals(2, Purpose::input_embedding, 300, 4, 300));
  CHECK(base != normals(1, Purpose::output_embedding, 300, 4, 300));
  CHECK(base != normals(1, Purpose::input_embedding, 301, 4, 300));
  CHECK(base != normals(1, Purpose::input_embedding, 300, 5, 300));
  const auto shorter = normals(1, Purpose::input_embedding, 300, 4, 37);
  CHECK(std::equal(shorter.begin(), shorter.end(), base.begin()));
}

TEST_CASE("normals have the moments of N(0, 1)", "[model]") {
  constexpr int items = 4000, d = 500;
  constexpr double n = double{items} * d;
  double moment[5] = {};
  int beyond_3 = 0;
  for (int item = 0; item < items; ++item)
    for (double z : normals(7, Purpose::input_embedding, d, static_cast<std::uint64_t>(item), d)) {
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
