#include "cost_clock.hpp"

#include <algorithm>
#include <new>

#include "memscale/core/memory.hpp"
#include "memscale/linalg/blas.hpp"

namespace memscale {

namespace {

/// "Haswell+SkylakeX" for a trial whose pieces had different kernels.
std::string joined(const std::string& earlier, const std::string& now) {
  const bool is_known = ("+" + earlier + "+").find("+" + now + "+") != std::string::npos;
  return is_known ? earlier : earlier + "+" + now;
}

}  // namespace

CostClock::CostClock(Cost& cost) : cost_(cost), counted_(Clock::now()), blas_counted_(blas::seconds()) {}

CostClock::~CostClock() {
  try {
    cost();
  } catch (const std::bad_alloc&) {
    // The trial is out of memory: its peak stays unknown.
  }
}

const Cost& CostClock::cost() {
  add_seconds();
  cost_.peak_memory = std::max(cost_.peak_memory, peak_memory());
  return cost_;
}

void CostClock::add_seconds() {
  const auto now = Clock::now();
  cost_.seconds += std::chrono::duration<double>(now - counted_).count();
  counted_ = now;
  const double blas_now = blas::seconds();
  cost_.seconds_blas += blas_now - blas_counted_;
  blas_counted_ = blas_now;
}

void CostClock::add_earlier(const Cost& piece) {
  cost_.seconds += piece.seconds;
  cost_.seconds_embeddings += piece.seconds_embeddings;
  cost_.seconds_gradient += piece.seconds_gradient;
  cost_.seconds_update += piece.seconds_update;
  cost_.seconds_capacity += piece.seconds_capacity;
  cost_.seconds_measures += piece.seconds_measures;
  cost_.seconds_blas += piece.seconds_blas;
  cost_.peak_memory = std::max(cost_.peak_memory, piece.peak_memory);
  cost_.started = piece.started;
  cost_.blas_kernel = joined(piece.blas_kernel, cost_.blas_kernel);
  cost_.softmax_kernel = joined(piece.softmax_kernel, cost_.softmax_kernel);
}

}  // namespace memscale
