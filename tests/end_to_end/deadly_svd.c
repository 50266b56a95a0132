// Preloaded: the singular value decomposition of a matrix of DEADLY_ROWS rows ends its process, as a bug or the kernel's
// out-of-memory killer would; of SLOW_ROWS rows it takes a quarter of a second longer.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

typedef void svd_function(const char*, const int*, const int*, double*, const int*, double*, double*, const int*,
                          double*, const int*, double*, const int*, int*, int*);

static int rows_of(const char* variable) {
  const char* text = getenv(variable);
  return text ? atoi(text) : 0;
}

void dgesdd_(const char* job, const int* m, const int* n, double* a, const int* lda, double* s, double* u,
             const int* ldu, double* vt, const int* ldvt, double* work, const int* lwork, int* iwork, int* info) {
  svd_function* real = (svd_function*)dlsym(RTLD_NEXT, "dgesdd_");
  if (*lwork != -1 && *m == rows_of("DEADLY_ROWS")) raise(SIGKILL);
  if (*lwork != -1 && *m == rows_of("SLOW_ROWS")) {
    const struct timespec pause = {0, 250000000};
    nanosleep(&pause, NULL);
  }
  real(job, m, n, a, lda, s, u, ldu, vt, ldvt, work, lwork, iwork, info);
}
