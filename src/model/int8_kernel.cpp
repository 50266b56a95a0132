#include "memscale/model/int8_kernel.hpp"

#include "memscale/core/cpu.hpp"

namespace memscale {

std::vector<const Int8Kernels*> available_int8_kernels() {
  std::vector<const Int8Kernels*> kernels;
#if defined(MEMSCALE_X86_KERNELS)
  if (cpu_runs(InstructionSet::avx512vnni)) kernels.push_back(&int8_avx512vnni);
  if (cpu_runs(InstructionSet::amx_int8)) kernels.push_back(&int8_amx);
#endif
  return kernels;
}

const Int8Kernels* best_int8_kernels() {
  const auto kernels = available_int8_kernels();
  return kernels.empty() ? nullptr : kernels.back();
}

}  // namespace memscale
