#pragma once

namespace memscale {

/// What kernels are compiled for (memscale_kernel in cmake/).
enum class InstructionSet {
  avx2,        ///< with FMA
  avx512,      ///< F and DQ
  avx512vnni,  ///< with BW and VL
  amx_int8,    ///< tiles of 8-bit integers, beside avx512vnni
  amx_bf16     ///< tiles of bfloat16, beside AVX-512 with DQ, BW, VL and BF16
};

/// Whether this CPU, and for tiles the system, lets this process use it. False on other machines than x86-64.
bool cpu_runs(InstructionSet set);

}  // namespace memscale
