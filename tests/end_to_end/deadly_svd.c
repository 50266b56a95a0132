// Preloaded: the singular value decomposition of a matrix of DEADLY_ROWS rows ends its process, as a bug or the
// kernel's out-of-memory killer would; of SLOW_ROWS rows it takes a quarter of a second longer; of STUBBORN_ROWS rows
// divide and conquer does not converge, of HOPELESS_ROWS rows neither does QR iteration.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

typedef void svd_function(const char*, const int*, const int*, double*, const int*, double*, double*, const int*,
                          double*, const int*, double*, const int*, int*, int*);

typedef void qr_function(const char*, const char*, const int*, const int*, double*, const int*, double*, double*,
                         const int*, double*, const int*, double*, const int*, int*);

static int rows_of(const char* variable) {
  const char* text = getenv(variable);
  return text ? atoi(text) : 0;
}

void dgesdd_(const char* job, const int* m, const int* n, double* a, const int* lda, double* s, double* u,
             const int* ldu, double* vt, const int* ldvt, double* work, const int* lwork, int* iwork, int* info) {
  svd_function* real = (svd_function*)dlsym(RTLD_NEXT, "dgesdd_");
  if (*lwork != -1 && *m == rows_of("STUBBORN_ROWS")) {
    for (int i = 0; i < *m * *n; ++i) a[i] = 0;  // it is not what it was
    *info = 1;
    return;
  }
  if (*lwork != -1 && *m == rows_of("DEADLY_ROWS")) raise(SIGKILL);
  if (*lwork != -1 && *m == rows_of("SLOW_ROWS")) {
    const struct timespec pause = {0, 250000000};
    nanosleep(&pause, NULL);
  }
  real(job, m, n, a, lda, s, u, ldu, vt, ldvt, work, lwork, iwork, info);
}

void dgesvd_(const char* jobu, const char* jobvt, const int* m, const int* n, double* a, const int* lda, double* s,
             double* u, const int* ldu, double* vt, const int* ldvt, double* work, const int* lwork, int* info) {
  qr_function* real = (qr_function*)dlsym(RTLD_NEXT, "dgesvd_");
  if (*lwork != -1 && *m == rows_of("HOPELESS_ROWS")) {
    *info = 1;
    return;
  }
  real(jobu, jobvt, m, n, a, lda, s, u, ldu, vt, ldvt, work, lwork, info);
}
