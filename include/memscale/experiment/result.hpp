#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "memscale/core/enum_names.hpp"
#include "memscale/experiment/trial.hpp"

namespace memscale {

enum class TrialStatus {
  ok,
  diverged,  ///< a non-finite value ended it: a result
  failed     ///< an error ended it (see message): run again by the next `memscale run`
};

template <>
struct EnumNames<TrialStatus> {
  static constexpr std::array<std::string_view, 3> names{"ok", "diverged", "failed"};
};

/// What a trial found: a pure function of the trial.
struct Result {
  TrialStatus status = TrialStatus::ok;
  std::int64_t steps_done = 0;
  std::int64_t capacity = 0;  ///< recovered items
  std::int64_t prefix = 0;    ///< largest K with items 1..K all recovered
  double accuracy = 0;        ///< sum_i p_i [i recovered]

  bool operator==(const Result&) const = default;
};

template <class T, class F>
requires std::is_same_v<std::remove_const_t<T>, Result>
void for_each_field(T& result, F&& f) {
  f("status", result.status);
  f("steps_done", result.steps_done);
  f("capacity", result.capacity);
  f("prefix", result.prefix);
  f("accuracy", result.accuracy);
}

/// What a trial cost, and where: differs from run to run.
struct Cost {
  double seconds = 0;             ///< wall time of the whole trial
  double seconds_embeddings = 0;  ///< 0 where an earlier trial of the rank left them
  double seconds_gradient = 0;
  double seconds_update = 0;
  double seconds_capacity = 0;
  double seconds_blas = 0;       ///< inside BLAS and LAPACK, over all phases
  std::int64_t peak_memory = 0;  ///< bytes, high-water mark of the process
  std::int64_t rank = 0;
  double started = 0;  ///< seconds since 1970
  std::string host;
  std::string blas_kernel;
};

template <class T, class F>
requires std::is_same_v<std::remove_const_t<T>, Cost>
void for_each_field(T& cost, F&& f) {
  f("seconds", cost.seconds);
  f("seconds_embeddings", cost.seconds_embeddings);
  f("seconds_gradient", cost.seconds_gradient);
  f("seconds_update", cost.seconds_update);
  f("seconds_capacity", cost.seconds_capacity);
  f("seconds_blas", cost.seconds_blas);
  f("peak_memory", cost.peak_memory);
  f("rank", cost.rank);
  f("started", cost.started);
  f("host", cost.host);
  f("blas_kernel", cost.blas_kernel);
}

/// One finished trial, as it travels from a worker to the store.
struct Record {
  Trial trial;  ///< canonical
  Result result;
  Cost cost;
  std::string message;  ///< why it failed; empty otherwise
};

}  // namespace memscale
