#include "memscale/model/int8_kernel.hpp"

#if defined(MEMSCALE_X86_KERNELS)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace memscale {

#if defined(MEMSCALE_X86_KERNELS)

namespace {

bool has_avx512vnni() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
}

/// Whether the CPU has AMX tiles for 8-bit integers and Linux lets this process use them (5.16 and later, on request).
bool has_amx() {
  constexpr unsigned tile = 1u << 24, int8 = 1u << 25;         // leaf 7, EDX
  constexpr long request_permission = 0x1023, tile_data = 18;  // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (d & tile) == 0 || (d & int8) == 0) return false;
  return syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}

}  // namespace

std::vector<const Int8Kernels*> available_int8_kernels() {
  static const bool vnni = has_avx512vnni(), amx = vnni && has_amx();
  std::vector<const Int8Kernels*> kernels;
  if (vnni) kernels.push_back(&int8_avx512vnni);
  if (amx) kernels.push_back(&int8_amx);
  return kernels;
}

#else

std::vector<const Int8Kernels*> available_int8_kernels() {
  return {};
}

#endif

const Int8Kernels* best_int8_kernels() {
  const auto kernels = available_int8_kernels();
  return kernels.empty() ? nullptr : kernels.back();
}

}  // namespace memscale
