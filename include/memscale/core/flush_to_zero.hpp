#pragma once

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace memscale {

/// Denormal numbers count as 0 in this thread while the object lives: they are 200 times slower and carry nothing here.
class FlushToZero {
 public:
#if defined(__SSE__)
  FlushToZero() : before_(_mm_getcsr()) {
    _mm_setcsr(before_ | 0x8040);
  }  // FTZ = bit 15, DAZ = bit 6
  ~FlushToZero() {
    _mm_setcsr(before_);
  }
#else
  FlushToZero() = default;
#endif
  FlushToZero(const FlushToZero&) = delete;
  FlushToZero& operator=(const FlushToZero&) = delete;

 private:
#if defined(__SSE__)
  unsigned before_;
#endif
};

}  // namespace memscale
