/// Preloaded in place of OpenBLAS's own function, so that a program believes in the slowest kernels.
extern "C" const char* openblas_get_corename() {
  return "Prescott";
}
