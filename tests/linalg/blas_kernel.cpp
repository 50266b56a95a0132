#include "memscale/linalg/blas_kernel.hpp"

#include "catch.hpp"

namespace memscale {

TEST_CASE("slow OpenBLAS kernels are replaced, good ones and other libraries left alone", "[linalg]") {
  CHECK(kernel_cure("Prescott", true, true) == "SkylakeX");
  CHECK(kernel_cure("Nehalem", true, false) == "Haswell");
  CHECK(kernel_cure("Sandybridge", true, false) == "Haswell");
  CHECK(kernel_cure("Prescott", false, false).empty());
  CHECK(kernel_cure("SkylakeX", true, true).empty());
  CHECK(kernel_cure("Cooperlake", true, true).empty());
  CHECK(kernel_cure("Zen", true, false).empty());
  CHECK(kernel_cure("", true, true).empty());
}

}  // namespace memscale
