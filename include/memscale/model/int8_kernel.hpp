#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace memscale {

inline constexpr std::int64_t int8_lanes = 32;  ///< rows of a packed panel
inline constexpr std::int64_t int8_depth = 64;  ///< padded columns are a multiple of this
inline constexpr std::int64_t int8_spare = 32;  ///< rows past the last that a kernel may read
/// Columns up to here: 255 * 127 * columns stays below 2^31.
inline constexpr std::int64_t int8_max_columns = 65536;

/// Exact integer products of signed 8-bit rows with a packed operand: columns / 4 groups of int8_lanes times 4 bytes, a
/// panel, each byte 128 more than the signed value that it stands for. offset = 128 times a row's sum takes that back.
struct Int8Operands {
  const std::int8_t* rows = nullptr;      ///< (count + int8_spare, columns)
  const std::int32_t* offsets = nullptr;  ///< (count)
  std::int64_t count = 0;                 ///< rows
  std::int64_t columns = 0;               ///< padded
  const std::uint8_t* panels = nullptr;   ///< (panel_count, columns / 4, int8_lanes, 4)
  std::int64_t panel_count = 0;
};

/// One row or lane in float32 and as scale * q, q in -127 .. 127. A row out of range (largest entry outside 1e-25 ..
/// 1e25) has q = 0, scale = 0 and error = norm.
struct Int8Row {
  float scale = 0;
  float norm = 0;   ///< at least ||row||
  float error = 0;  ///< at least ||row - scale q||
  std::int32_t offset = 0;
};

/// Competitors 0 .. and lanes whose score is not proven to be below the lane's threshold.
struct Int8Hit {
  std::uint32_t row;
  std::uint32_t lanes;  ///< bit l: lane l
};

/// The kernels of one instruction set: all give the same integers, and float32 values within the bounds that their
/// callers allow for.
struct Int8Kernels {
  std::string_view name;

  /// Rounds row * scale, (columns) each, the powers of two of `scale` exact, to q (padded with 0 to `padded`).
  Int8Row (*quantize)(const float* row, const float* scale, std::int64_t columns, std::int64_t padded, std::int8_t* q);

  /// out[i] = sum_r right[i][r] lane_scale[r] q_i . w_r over lanes r < right_columns, (count).
  void (*project)(const Int8Operands& operands, const float* lane_scale, const float* right, std::int64_t right_columns,
                  float* out);

  /// out[i] = max over lanes j of lane_scale[j] q_i . z_j - lane_norm[j] row_error[i] - lane_error[j] row_norm[i].
  void (*best)(const Int8Operands& operands, const float* lane_scale, const float* lane_norm, const float* lane_error,
               const float* row_error, const float* row_norm, float* out);

  /// All (row j, lane i) of one panel but those with row_scale[j] q_j . x_i < threshold[i] - row_norm[j] lane_error[i]
  /// - row_error[j] lane_norm[i]; returns how many of `hits` (room for count) it filled, rows ascending.
  std::int64_t (*filter)(const Int8Operands& operands, const float* row_scale, const float* row_norm,
                         const float* row_error, const float* threshold, const float* lane_error,
                         const float* lane_norm, Int8Hit* hits);
};

/// One source, one set of functions an instruction set. Those of other CPUs must not be called.
#if defined(MEMSCALE_X86_KERNELS)
extern const Int8Kernels int8_avx512vnni;
extern const Int8Kernels int8_amx;
#endif

/// The fastest that this CPU can run; nullptr where it has none, and float32 must serve.
const Int8Kernels* best_int8_kernels();

/// All that this CPU can run, slowest first.
std::vector<const Int8Kernels*> available_int8_kernels();

}  // namespace memscale
