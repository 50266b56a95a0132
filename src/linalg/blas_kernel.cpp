#include "memscale/linalg/blas_kernel.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string_view>

namespace memscale {

namespace {

constexpr const char* core_type_variable = "OPENBLAS_CORETYPE";
constexpr const char* restart_variable = "MEMSCALE_RESTARTED_FOR_BLAS";  // keeps a restart from repeating itself

/// OpenBLAS's own functions, looked up at run time: any other BLAS serves as well, and has none of them.
template <class Function>
Function find_symbol(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
}

std::string openblas_text(const char* function) {
  const auto get = find_symbol<char* (*)()>(function);
  const char* text = get ? get() : nullptr;
  return text ? text : "";
}

template <std::size_t n>
bool contains(const std::array<std::string_view, n>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string kernel_cure(std::string_view kernel, bool has_avx2, bool has_avx512) {
  constexpr std::array<std::string_view, 3> avx512{"SkylakeX", "Cooperlake", "SapphireRapids"};
  constexpr std::array<std::string_view, 4> avx2{"Haswell", "Zen", "Excavator", "SkylakeX"};
  if (kernel.empty() || contains(avx512, kernel)) return "";
  // OpenBLAS runs its Haswell kernels (as Zen) on AMD by choice, so only kernels without AVX2 need a cure there.
  if (has_avx512 && !contains(avx2, kernel)) return "SkylakeX";
  if (has_avx2 && !contains(avx2, kernel)) return "Haswell";
  return "";
}

namespace {

std::string cure_for_this_cpu() {
#if defined(__x86_64__)
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool has_avx512 = has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                          __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  return kernel_cure(openblas_text("openblas_get_corename"), has_avx2, has_avx512);
#else
  return "";
#endif
}

}  // namespace

std::string blas_kernel() {
  const std::string kernel = openblas_text("openblas_get_corename");
  return kernel.empty() ? "unknown" : kernel;
}

void ensure_fast_blas(char** argv) {
  // One BLAS thread a rank: ranks fill the cores.
  if (const auto set_threads = find_symbol<void (*)(int)>("openblas_set_num_threads")) set_threads(1);
  if (std::getenv(core_type_variable) || std::getenv(restart_variable)) return;
  const std::string cure = cure_for_this_cpu();
  if (cure.empty()) return;
  if (setenv(core_type_variable, cure.c_str(), 1) != 0 || setenv(restart_variable, cure.c_str(), 1) != 0) return;
  execv("/proc/self/exe", argv);
  std::fprintf(stderr, "memscale: warning: cannot restart with faster BLAS kernels (%s); set %s=%s\n",
               std::strerror(errno), core_type_variable, cure.c_str());
}

void forget_restart() {
  if (!std::getenv(restart_variable)) return;
  unsetenv(core_type_variable);
  unsetenv(restart_variable);
}

std::string blas_description() {
  const std::string kernel = openblas_text("openblas_get_corename");
  if (kernel.empty()) return "BLAS that does not name its kernels";
  std::string library, version;
  std::istringstream(openblas_text("openblas_get_config")) >> library >> version;
  std::string text = library + " " + version + " " + kernel + " kernels";
  if (std::getenv(restart_variable)) return text + " (restarted to replace slower ones)";
  if (const char* asked = std::getenv(core_type_variable)) {
    text += std::string(" (") + core_type_variable + "=" + asked + " in the environment";
    const std::string cure = cure_for_this_cpu();
    return text + (cure.empty() ? ")" : "; this CPU can run " + cure + ")");
  }
  return text;
}

}  // namespace memscale
