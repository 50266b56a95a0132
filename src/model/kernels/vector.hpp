#pragma once

#include <cstdint>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

// One vector of float32 of the instruction set that a kernel source is compiled for, and how large a register tile that
// set has room for. In an anonymous namespace, as each version of a kernel needs its own.

namespace memscale {

namespace {

#if defined(__AVX512F__) && defined(__AVX512DQ__)

#define MEMSCALE_VECTOR_AVX512
using Floats = __m512;
constexpr int vector_lanes = 16;
constexpr int tile_rows = 14;  // x 2 vectors: 28 sums, 2 factors and a broadcast one in 32 registers

inline Floats load(const float* from) {
  return _mm512_loadu_ps(from);
}
inline void store(float* to, Floats x) {
  _mm512_storeu_ps(to, x);
}
inline Floats broadcast(float x) {
  return _mm512_set1_ps(x);
}
inline Floats multiply_add(Floats a, Floats b, Floats c) {
  return _mm512_fmadd_ps(a, b, c);
}
/// b where either is NaN.
inline Floats maximum(Floats a, Floats b) {
  return _mm512_maskz_max_ps(0xffff, a, b);  // maskz, here and below: GCC 12 warns of the plain one (GCC bug 105593)
}
inline bool any_above(Floats a, Floats b) {
  return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ) != 0;
}
/// a > b ? x : y in each lane.
inline Floats select_above(Floats a, Floats b, Floats x, Floats y) {
  return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_GT_OQ), y, x);
}

#elif defined(__AVX2__) && defined(__FMA__)

using Floats = __m256;
constexpr int vector_lanes = 8;
constexpr int tile_rows = 6;  // 12 sums, 2 factors and a broadcast one in 16 registers

inline Floats load(const float* from) {
  return _mm256_loadu_ps(from);
}
inline void store(float* to, Floats x) {
  _mm256_storeu_ps(to, x);
}
inline Floats broadcast(float x) {
  return _mm256_set1_ps(x);
}
inline Floats multiply_add(Floats a, Floats b, Floats c) {
  return _mm256_fmadd_ps(a, b, c);
}
inline Floats maximum(Floats a, Floats b) {
  return _mm256_max_ps(a, b);
}
inline bool any_above(Floats a, Floats b) {
  return _mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_GT_OQ)) != 0;
}
inline Floats select_above(Floats a, Floats b, Floats x, Floats y) {
  return _mm256_blendv_ps(y, x, _mm256_cmp_ps(a, b, _CMP_GT_OQ));
}

#else

using Floats = float __attribute__((vector_size(16)));  // GCC and Clang make of it what the CPU has
constexpr int vector_lanes = 4;
constexpr int tile_rows = 4;

inline Floats load(const float* from) {
  return Floats{from[0], from[1], from[2], from[3]};
}
inline void store(float* to, Floats x) {
  for (int lane = 0; lane < vector_lanes; ++lane) to[lane] = x[lane];
}
inline Floats broadcast(float x) {
  return Floats{x, x, x, x};
}
inline Floats multiply_add(Floats a, Floats b, Floats c) {
  return a * b + c;
}
inline Floats select_above(Floats a, Floats b, Floats x, Floats y) {
  return a > b ? x : y;
}
inline Floats maximum(Floats a, Floats b) {
  return select_above(a, b, a, b);
}
inline bool any_above(Floats a, Floats b) {
  const auto above = a > b;
  return (above[0] | above[1] | above[2] | above[3]) != 0;
}

#endif

/// 2^t to 2e-7 for t <= 127; 0 below -126.5, NaN for NaN.
inline Floats exp2_of(Floats t) {
#if defined(MEMSCALE_VECTOR_AVX512)
  // f = t - floor(t) in [0, 1), and scalef multiplies by 2^floor(t)
  const Floats f = _mm512_reduce_ps(t, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
  // the polynomial of least relative error, 7.5e-8, on [0, 1] (Remez)
  Floats p = broadcast(0.001877576673370389f);
  p = multiply_add(p, f, broadcast(0.008989340094708689f));
  p = multiply_add(p, f, broadcast(0.05582631805004022f));
  p = multiply_add(p, f, broadcast(0.24015361704533508f));
  p = multiply_add(p, f, broadcast(0.6931530732000754f));
  p = multiply_add(p, f, broadcast(0.9999999250635297f));
  return _mm512_maskz_scalef_ps(0xffff, p, t);
#else
  // adding 1.5 2^23 rounds t to a whole number n, in the low bits; those of n + 127, as an exponent, are 2^n, and 0 for
  // n = -127
  const Floats magic = broadcast(12582912.f + 127), bounded = maximum(broadcast(-127.f), t);
  const Floats shifted = bounded + magic;
  const Floats f = bounded - (shifted - magic);
  // the polynomial of least relative error, 7.5e-8, on [-1/2, 1/2] (Remez)
  Floats p = broadcast(0.0013276471979478776f);
  p = multiply_add(p, f, broadcast(0.00967554133421605f));
  p = multiply_add(p, f, broadcast(0.05550713273542586f));
  p = multiply_add(p, f, broadcast(0.24022119723848476f));
  p = multiply_add(p, f, broadcast(0.6931469670647331f));
  p = multiply_add(p, f, broadcast(1.0000000716546822f));
  using Bits = std::uint32_t __attribute__((vector_size(sizeof(Floats))));
  return p * (Floats)((Bits)shifted << 23);
#endif
}

}  // namespace

}  // namespace memscale
