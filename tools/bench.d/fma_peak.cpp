#include "fma_peak.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <atomic>
#include <cstdint>
#include <vector>

#include "samples.hpp"

namespace memscale::bench {

namespace {

constexpr std::int64_t rounds = 1 << 18;  // below a millisecond
constexpr int sums = 12;  // independent, at least latency x units: 4 x 2 on x86, 4 x 2 to 4 x 4 elsewhere

/// A loop and the flops of one of its calls; it returns a number that depends on all of them.
struct Loop {
  const char* instructions;
  float (*run)();
  double flops;
};

#if defined(__x86_64__)

// s <- s x + y tends to y / (1 - x), so no number grows or becomes denormal. The empty asm keeps each sum where it is,
// in a register, and the compiler from seeing through the loop.
#define MEMSCALE_FMA_LOOP(name, target_name, vector, set1, fmadd, first_lane)                     \
  __attribute__((target(target_name), noinline)) float name() {                                   \
    const vector x = set1(0.999f), y = set1(0.001f);                                              \
    vector s0 = set1(0), s1 = y, s2 = x, s3 = y, s4 = x, s5 = y, s6 = x, s7 = y, s8 = x, s9 = y;  \
    vector s10 = x, s11 = y;                                                                      \
    for (std::int64_t round = 0; round < rounds; ++round) {                                       \
      s0 = fmadd(s0, x, y), s1 = fmadd(s1, x, y), s2 = fmadd(s2, x, y), s3 = fmadd(s3, x, y);     \
      s4 = fmadd(s4, x, y), s5 = fmadd(s5, x, y), s6 = fmadd(s6, x, y), s7 = fmadd(s7, x, y);     \
      s8 = fmadd(s8, x, y), s9 = fmadd(s9, x, y), s10 = fmadd(s10, x, y), s11 = fmadd(s11, x, y); \
      asm volatile("" : "+v"(s0), "+v"(s1), "+v"(s2), "+v"(s3), "+v"(s4), "+v"(s5));              \
      asm volatile("" : "+v"(s6), "+v"(s7), "+v"(s8), "+v"(s9), "+v"(s10), "+v"(s11));            \
    }                                                                                             \
    return first_lane(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);               \
  }

MEMSCALE_FMA_LOOP(run_avx512, "avx512f", __m512, _mm512_set1_ps, _mm512_fmadd_ps, _mm512_cvtss_f32)
MEMSCALE_FMA_LOOP(run_avx2, "avx2,fma", __m256, _mm256_set1_ps, _mm256_fmadd_ps, _mm256_cvtss_f32)

#undef MEMSCALE_FMA_LOOP

#endif

using Floats = float __attribute__((vector_size(16)));

/// Fused where the compiler's baseline has it (aarch64), else a multiplication and an addition.
Floats multiply_add(Floats a, Floats b, Floats c) {
#if defined(__FP_FAST_FMAF)
  return Floats{__builtin_fmaf(a[0], b[0], c[0]), __builtin_fmaf(a[1], b[1], c[1]), __builtin_fmaf(a[2], b[2], c[2]),
                __builtin_fmaf(a[3], b[3], c[3])};
#else
  return a * b + c;
#endif
}

float run_plain() {
  const Floats x{0.999f, 0.999f, 0.999f, 0.999f}, y{0.001f, 0.001f, 0.001f, 0.001f};
  Floats s[sums];
  for (Floats& sum : s) sum = y;
  for (std::int64_t round = 0; round < rounds; ++round)
#pragma GCC unroll 12
    for (Floats& sum : s) sum = multiply_add(sum, x, y);
  Floats total{};
  for (const Floats& sum : s) total += sum;
  return total[0];
}

Loop widest_loop() {
  const auto flops = [](int lanes) { return 2.0 * lanes * sums * rounds; };
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return {"avx512", run_avx512, flops(16)};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return {"avx2", run_avx2, flops(8)};
#endif
  return {"plain", run_plain, flops(4)};
}

}  // namespace

double fma_peak(ThreadTeam& team) {
  const Loop loop = widest_loop();
  std::vector<Samples> samples(static_cast<std::size_t>(team.size()));
  std::atomic<float> sink = 0;
  team.run(samples.size(), [&](std::size_t task, int) { samples[task].run(0.03, [&] { sink = loop.run(); }); });
  double rate = 0;
  for (const Samples& thread : samples) rate += loop.flops / thread.best() * 1e-9;
  return rate;
}

const char* fma_instructions() {
  return widest_loop().instructions;
}

}  // namespace memscale::bench
