#include "memscale/core/cpu.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace memscale {

#if defined(__x86_64__)

namespace {

/// Whether Linux lets this process use AMX tiles: 5.16 and later, on request.
bool may_use_tiles() {
  constexpr long request_permission = 0x1023, tile_data = 18;  // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
  return syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}

/// Bits of CPUID leaf 7, EDX; GCC 12 knows no names of them at run time.
constexpr unsigned amx_bf16_bit = 1u << 22, amx_tile_bit = 1u << 24, amx_int8_bit = 1u << 25;

/// EDX of that leaf, asked for once: a virtual machine traps CPUID. 0 where tiles may not be used.
unsigned tile_bits() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (d & amx_tile_bit) != 0 && may_use_tiles() ? d : 0;
}

bool has_tiles(unsigned kind) {
  static const unsigned bits = tile_bits();
  return (bits & kind) != 0;
}

}  // namespace

bool cpu_runs(InstructionSet set) {
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
  const bool words = avx512 && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  switch (set) {
    case InstructionSet::avx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case InstructionSet::avx512:
      return avx512;
    case InstructionSet::avx512vnni:
      return words && __builtin_cpu_supports("avx512vnni");
    case InstructionSet::amx_int8:
      return words && __builtin_cpu_supports("avx512vnni") && has_tiles(amx_int8_bit);
    case InstructionSet::amx_bf16:
      return words && __builtin_cpu_supports("avx512bf16") && has_tiles(amx_bf16_bit);
  }
  return false;
}

#else

bool cpu_runs(InstructionSet) {
  return false;
}

#endif

}  // namespace memscale
