#include "memscale/model/int8_kernel.hpp"

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
// False positives of GCC 12 inside its own intrinsics (GCC bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#if defined(__AMX_INT8__)
#include "amx_tiles.hpp"
#endif

// Compiled once for each instruction set (MEMSCALE_KERNEL names the table of functions), AVX-512 with VNNI at least.

namespace memscale {

namespace {

constexpr std::int64_t lanes = int8_lanes;

#if defined(__AMX_INT8__)

constexpr std::int64_t tile_rows = 32;

/// out[row][lane] = rows . panel, (tile_rows, lanes).
inline void multiply(const std::int8_t* rows, std::int64_t columns, const std::uint8_t* panel, std::int32_t* out) {
  settle_memory();
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (std::int64_t k = 0; k < columns; k += 64) {
    _tile_loadd(6, panel + k * lanes, 4 * lanes);
    _tile_loadd(4, rows + k, columns);
    _tile_loadd(7, panel + k * lanes + 64, 4 * lanes);
    _tile_loadd(5, rows + 16 * columns + k, columns);
    _tile_dpbsud(0, 4, 6);
    _tile_dpbsud(1, 4, 7);
    _tile_dpbsud(2, 5, 6);
    _tile_dpbsud(3, 5, 7);
  }
  _tile_stored(0, out, 4 * lanes);
  _tile_stored(1, out + 16, 4 * lanes);
  _tile_stored(2, out + 16 * lanes, 4 * lanes);
  _tile_stored(3, out + 16 * lanes + 16, 4 * lanes);
}

#else

constexpr std::int64_t tile_rows = 14;  // 28 accumulators, 2 registers of lanes, 1 or 2 broadcasts

struct Tiles {
  ~Tiles() {}
};

inline __m512i broadcast(const std::int8_t* four) {
  return _mm512_set1_epi32(*reinterpret_cast<const int*>(four));
}

/// out[row][lane] = rows . panel, (tile_rows, lanes).
inline void multiply(const std::int8_t* rows, std::int64_t columns, const std::uint8_t* panel, std::int32_t* out) {
  __m512i sum[tile_rows][2];
#pragma GCC unroll 14
  for (int r = 0; r < tile_rows; ++r) sum[r][0] = sum[r][1] = _mm512_setzero_si512();
  const std::int8_t *low = rows, *high = rows + 7 * columns;
  std::int64_t by3 = 3 * columns, by5 = 5 * columns;
  asm("" : "+r"(by3), "+r"(by5));  // five registers address all rows: keeps the compiler from making fourteen
  for (std::int64_t k = 0; k < columns; k += 4, low += 4, high += 4, panel += 4 * lanes) {
    const __m512i x0 = _mm512_load_si512(panel), x1 = _mm512_load_si512(panel + 64);
    const auto add = [&](int r, const std::int8_t* four) {
      const __m512i y = broadcast(four);
      sum[r][0] = _mm512_dpbusd_epi32(sum[r][0], x0, y);
      sum[r][1] = _mm512_dpbusd_epi32(sum[r][1], x1, y);
    };
    add(0, low);
    add(1, low + columns);
    add(2, low + 2 * columns);
    add(3, low + by3);
    add(4, low + 4 * columns);
    add(5, low + by5);
    add(6, low + 2 * by3);
    add(7, high);
    add(8, high + columns);
    add(9, high + 2 * columns);
    add(10, high + by3);
    add(11, high + 4 * columns);
    add(12, high + by5);
    add(13, high + 2 * by3);
  }
#pragma GCC unroll 14
  for (int r = 0; r < tile_rows; ++r) {
    _mm512_store_si512(out + r * lanes, sum[r][0]);
    _mm512_store_si512(out + r * lanes + 16, sum[r][1]);
  }
}

#endif

/// Calls use(row, panel, low, high) with the products of each row and the panel's 32 lanes as float32.
template <class Use>
inline void for_each_product(const Int8Operands& operands, Use use) {
  const Tiles tiles;
  alignas(64) std::int32_t out[tile_rows * lanes];
  for (std::int64_t panel = 0; panel < operands.panel_count; ++panel)
    for (std::int64_t first = 0; first < operands.count; first += tile_rows) {
      multiply(operands.rows + first * operands.columns, operands.columns,
               operands.panels + panel * operands.columns * lanes, out);
      const std::int64_t rows = operands.count - first < tile_rows ? operands.count - first : tile_rows;
      for (std::int64_t r = 0; r < rows; ++r) {
        const __m512i offset = _mm512_set1_epi32(operands.offsets[first + r]);
        use(first + r, panel, _mm512_cvtepi32_ps(_mm512_sub_epi32(_mm512_load_si512(out + r * lanes), offset)),
            _mm512_cvtepi32_ps(_mm512_sub_epi32(_mm512_load_si512(out + r * lanes + 16), offset)));
      }
    }
}

Int8Row quantize(const float* row, const float* scale, std::int64_t columns, std::int64_t padded, std::int8_t* q) {
  const std::int64_t whole_columns = columns / 16 * 16;
  const auto tail = static_cast<__mmask16>((1u << (columns - whole_columns)) - 1);
  const auto load = [&](std::int64_t k) { return _mm512_mul_ps(_mm512_loadu_ps(row + k), _mm512_loadu_ps(scale + k)); };
  const __m512 rest = _mm512_mul_ps(_mm512_maskz_loadu_ps(tail, row + whole_columns),
                                    _mm512_maskz_loadu_ps(tail, scale + whole_columns));
  __m512 largest = _mm512_abs_ps(rest);
  for (std::int64_t k = 0; k < whole_columns; k += 16) largest = _mm512_max_ps(largest, _mm512_abs_ps(load(k)));
  const float top = _mm512_reduce_max_ps(largest);
  const bool in_range = top >= 1e-25f && top <= 1e25f;
  const float step = in_range ? top / 127 : 0, per_step = in_range ? 127 / top : 0;
  __m512 squares = _mm512_setzero_ps(), errors = squares;
  __m512i sums = _mm512_setzero_si512();
  // sums of squares in units of the largest entry: no overflow, and what is flushed does not count
  const __m512 unit = _mm512_set1_ps(in_range ? 1 / top : 0);
  const auto round = [&](__m512 x, std::int64_t k) {
    const __m512i whole = _mm512_cvtps_epi32(_mm512_mul_ps(x, _mm512_set1_ps(per_step)));  // rounds to -127 .. 127
    const __m512 left = _mm512_mul_ps(_mm512_fnmadd_ps(_mm512_cvtepi32_ps(whole), _mm512_set1_ps(step), x), unit);
    const __m512 part = _mm512_mul_ps(x, unit);
    squares = _mm512_fmadd_ps(part, part, squares);
    errors = _mm512_fmadd_ps(left, left, errors);
    sums = _mm512_add_epi32(sums, whole);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(q + k), _mm512_cvtepi32_epi8(whole));
  };
  for (std::int64_t k = 0; k < whole_columns; k += 16) round(load(k), k);
  for (std::int64_t k = whole_columns; k < padded; k += 16) round(k < columns ? rest : _mm512_setzero_ps(), k);
  Int8Row result;
  result.offset = 128 * _mm512_reduce_add_epi32(sums);
  result.scale = step;
  // sums of non-negative terms: relative error (columns / 16 + 8) 2^-24; each entry's part and remainder 2^-22 of it
  const double inflate = 1 + (static_cast<double>(columns) + 32) * 0x1p-24;
  const double norm = __builtin_sqrt(static_cast<double>(_mm512_reduce_add_ps(squares))) * inflate;
  const double error = __builtin_sqrt(static_cast<double>(_mm512_reduce_add_ps(errors))) * inflate + norm * 0x1p-21;
  result.norm = static_cast<float>(norm * top);
  result.error = static_cast<float>(error * top);
  if (!in_range) result.norm = result.error = top * static_cast<float>(columns) + 1e-36f * static_cast<float>(columns);
  return result;
}

/// `operands` cut into blocks of rows that stay in cache while they meet all panels, with 16 float32 sums a row that
/// reduce(row, sums) takes at the end of its block.
template <class Use, class Reduce>
inline void for_each_block(const Int8Operands& operands, float start, Use use, Reduce reduce) {
  constexpr std::int64_t block = 8 * tile_rows;
  alignas(64) float sums[block][16];
  for (std::int64_t first = 0; first < operands.count; first += block) {
    Int8Operands part = operands;
    part.rows += first * operands.columns;
    part.offsets += first;
    part.count = operands.count - first < block ? operands.count - first : block;
    for (std::int64_t i = 0; i < part.count; ++i) _mm512_store_ps(sums[i], _mm512_set1_ps(start));
    for_each_product(part, [&](std::int64_t i, std::int64_t panel, __m512 low, __m512 high) {
      _mm512_store_ps(sums[i], use(first + i, panel * lanes, low, high, _mm512_load_ps(sums[i])));
    });
    for (std::int64_t i = 0; i < part.count; ++i) reduce(first + i, _mm512_load_ps(sums[i]));
  }
}

void project(const Int8Operands& operands, const float* lane_scale, const float* right, std::int64_t right_columns,
             float* out) {
  for_each_block(
      operands, 0,
      [&](std::int64_t row, std::int64_t lane, __m512 low, __m512 high, __m512 sum) {
        const float* u = right + row * right_columns + lane;
        const std::int64_t left = right_columns - lane;
        if (left > lanes) {  // the next panel's, which no hardware prefetcher sees coming
          _mm_prefetch(reinterpret_cast<const char*>(u + lanes), _MM_HINT_T0);
          _mm_prefetch(reinterpret_cast<const char*>(u + lanes + 16), _MM_HINT_T0);
        }
        const std::uint32_t mask = left >= lanes ? 0xffffffffu : (1u << left) - 1;
        low = _mm512_mul_ps(low, _mm512_loadu_ps(lane_scale + lane));
        high = _mm512_mul_ps(high, _mm512_loadu_ps(lane_scale + lane + 16));
        sum = _mm512_fmadd_ps(low, _mm512_maskz_loadu_ps(static_cast<__mmask16>(mask), u), sum);
        return _mm512_fmadd_ps(high, _mm512_maskz_loadu_ps(static_cast<__mmask16>(mask >> 16), u + 16), sum);
      },
      [&](std::int64_t row, __m512 sum) { out[row] = _mm512_reduce_add_ps(sum); });
}

void best(const Int8Operands& operands, const float* lane_scale, const float* lane_norm, const float* lane_error,
          const float* row_error, const float* row_norm, float* out) {
  for_each_block(
      operands, -__builtin_inff(),
      [&](std::int64_t row, std::int64_t lane, __m512 low, __m512 high, __m512 top) {
        const __m512 error = _mm512_set1_ps(row_error[row]), norm = _mm512_set1_ps(row_norm[row]);
        const auto proven = [&](__m512 products, std::int64_t first) {
          const __m512 slack = _mm512_fmadd_ps(_mm512_loadu_ps(lane_norm + first), error,
                                               _mm512_mul_ps(_mm512_loadu_ps(lane_error + first), norm));
          return _mm512_fmsub_ps(products, _mm512_loadu_ps(lane_scale + first), slack);
        };
        return _mm512_max_ps(proven(high, lane + 16), _mm512_max_ps(proven(low, lane), top));  // NaN: the other operand
      },
      [&](std::int64_t row, __m512 top) { out[row] = _mm512_reduce_max_ps(top); });
}

std::int64_t filter(const Int8Operands& operands, const float* row_scale, const float* row_norm, const float* row_error,
                    const float* threshold, const float* lane_error, const float* lane_norm, Int8Hit* hits) {
  const __m512 threshold0 = _mm512_loadu_ps(threshold), threshold1 = _mm512_loadu_ps(threshold + 16);
  const __m512 error0 = _mm512_loadu_ps(lane_error), error1 = _mm512_loadu_ps(lane_error + 16);
  const __m512 norm0 = _mm512_loadu_ps(lane_norm), norm1 = _mm512_loadu_ps(lane_norm + 16);
  std::int64_t count = 0;
  for_each_product(operands, [&](std::int64_t row, std::int64_t, __m512 low, __m512 high) {
    const __m512 scale = _mm512_set1_ps(row_scale[row]), norm = _mm512_set1_ps(row_norm[row]);
    const __m512 error = _mm512_set1_ps(row_error[row]);
    const __m512 bound0 = _mm512_fnmadd_ps(error, norm0, _mm512_fnmadd_ps(norm, error0, threshold0));
    const __m512 bound1 = _mm512_fnmadd_ps(error, norm1, _mm512_fnmadd_ps(norm, error1, threshold1));
    // not less than: true for NaN
    const std::uint32_t mask0 = _mm512_cmp_ps_mask(_mm512_mul_ps(low, scale), bound0, _CMP_NLT_UQ);
    const std::uint32_t mask1 = _mm512_cmp_ps_mask(_mm512_mul_ps(high, scale), bound1, _CMP_NLT_UQ);
    if ((mask0 | mask1) != 0) hits[count++] = {static_cast<std::uint32_t>(row), mask0 | mask1 << 16};
  });
  return count;
}

}  // namespace

#if defined(__AMX_INT8__)
const Int8Kernels MEMSCALE_KERNEL{"amx", quantize, project, best, filter};
#else
const Int8Kernels MEMSCALE_KERNEL{"avx512vnni", quantize, project, best, filter};
#endif

}  // namespace memscale
