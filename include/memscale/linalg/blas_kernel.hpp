#pragma once

#include <string>
#include <string_view>

namespace memscale {

/// Restarts this program with OPENBLAS_CORETYPE set where OpenBLAS chose kernels far below what the CPU can do (0.3.21
/// runs its SSE3 Prescott kernels on CPUs that it does not know: 5x slower). Call it first in main; returns where
/// nothing needs a cure, the user set OPENBLAS_CORETYPE, or the BLAS is not OpenBLAS. Sets one BLAS thread for this
/// process.
void ensure_fast_blas(char** argv);

/// Takes what a restart has set out of the environment again: programs that this one starts may run on other CPUs.
void forget_restart();

/// "OpenBLAS 0.3.21 SkylakeX", and why where it was set by hand or by ensure_fast_blas.
std::string blas_description();

/// "SkylakeX"; "unknown" where the BLAS does not say.
std::string blas_kernel();

/// The OPENBLAS_CORETYPE that should replace `kernel` on a CPU with these instructions; "" where it is good enough.
std::string kernel_cure(std::string_view kernel, bool has_avx2, bool has_avx512);

}  // namespace memscale
