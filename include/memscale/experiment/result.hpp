#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "memscale/core/enum_names.hpp"
#include "memscale/experiment/trial.hpp"
#include "memscale/linalg/spectrum.hpp"

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

/// What a trial found: a pure function of the trial. A real number that was not measured is NaN.
struct Result {
  TrialStatus status = TrialStatus::ok;
  std::int64_t steps_done = 0;       ///< steps that ended with a finite W
  std::int64_t diverged_step = 0;    ///< the step whose gradient, update, W or measured loss was not finite; 0: none
  std::int64_t capacity = 0;         ///< recovered items; 0, as are prefix and accuracy, for a diverged trial
  std::int64_t prefix = 0;           ///< largest K with items 1..K all recovered
  double accuracy = 0;               ///< sum_i p_i [i recovered]
  double loss = not_measured;        ///< of the final W over the population, see Trial::loss_measure
  double loss_floor = not_measured;  ///< L*, the least that any W can have: label noise's entropy
  double gap = not_measured;         ///< L - L*, without the rounding of that difference
  double min_probability = not_measured;  ///< the smallest f_k, the probability of input k's correct output
  double max_probability = not_measured;  ///< the largest
  double imbalance = not_measured;        ///< Delta(W) = max_k f_k - min_k f_k (arXiv 2509.26030)
  /// rho_eps = min_k f_k where max_k f_k first is 1 - eps (arXiv 2509.26030): over all eta of one step, or after a step
  /// of several. NaN where that is never reached.
  double rho_0_5 = not_measured;  ///< eps = 0.5
  double rho_0_1 = not_measured;
  double rho_0_01 = not_measured;
  double rho_0_001 = not_measured;
  /// Of the last update without what it gives to all outputs alike, which no probability depends on: the largest
  /// singular value and the smallest, beside the 0 that this leaves. NaN for one item.
  double centered_largest = not_measured;
  double centered_smallest = not_measured;
  Spectrum update = unmeasured_spectrum;   ///< singular values of the last update
  Spectrum weights = unmeasured_spectrum;  ///< singular values of the final W
  double polar_distance = not_measured;  ///< ||update - O||_F / sqrt(d), O the exact polar factor of what it stands for
  double polar_cosine = not_measured;    ///< <update, O> / (||update||_F ||O||_F)

  static constexpr double not_measured = std::numeric_limits<double>::quiet_NaN();
  static constexpr Spectrum unmeasured_spectrum{not_measured, not_measured, not_measured,
                                                not_measured, not_measured, not_measured};
};

template <class T, class F>
requires std::is_same_v<std::remove_const_t<T>, Result>
void for_each_field(T& result, F&& f) {
  f("status", result.status);
  f("steps_done", result.steps_done);
  f("diverged_step", result.diverged_step);
  f("capacity", result.capacity);
  f("prefix", result.prefix);
  f("accuracy", result.accuracy);
  f("loss", result.loss);
  f("loss_floor", result.loss_floor);
  f("gap", result.gap);
  f("min_probability", result.min_probability);
  f("max_probability", result.max_probability);
  f("imbalance", result.imbalance);
  f("rho_0_5", result.rho_0_5);
  f("rho_0_1", result.rho_0_1);
  f("rho_0_01", result.rho_0_01);
  f("rho_0_001", result.rho_0_001);
  f("centered_largest", result.centered_largest);
  f("centered_smallest", result.centered_smallest);
  f("update_largest", result.update.largest);
  f("update_smallest", result.update.smallest);
  f("update_entropy", result.update.entropy);
  f("update_effective_rank", result.update.effective_rank);
  f("update_top_energy", result.update.top_energy);
  f("update_quartile_ratio", result.update.quartile_ratio);
  f("weights_largest", result.weights.largest);
  f("weights_smallest", result.weights.smallest);
  f("weights_entropy", result.weights.entropy);
  f("weights_effective_rank", result.weights.effective_rank);
  f("weights_top_energy", result.weights.top_energy);
  f("weights_quartile_ratio", result.weights.quartile_ratio);
  f("polar_distance", result.polar_distance);
  f("polar_cosine", result.polar_cosine);
}

/// What a trial went through: one number a finished step, step 1 first, but for group_loss; the last four of an
/// orthogonal memory alone, else empty (see trace_length.hpp).
struct Trace {
  std::vector<double> capacity;  ///< after the step
  std::vector<double> prefix;    ///< after the step
  std::vector<double> accuracy;  ///< after the step
  std::vector<double>
      train_loss;  ///< sum_i q_i (logsumexp_j s_ij - s_ii) before it; NaN for a thresholded gradient from step 2 on
  std::vector<double> gradient_norm;    ///< ||G||_F of the step, at the W before it
  std::vector<double> gap;              ///< L - L* after the step
  std::vector<double> min_probability;  ///< min_k f_k after the step
  std::vector<double> max_probability;  ///< max_k f_k after the step
  /// Mean loss of the items of each group bin, one bin after the other, after each of group_loss_steps.
  std::vector<double> group_loss;
};

template <class T, class F>
requires std::is_same_v<std::remove_const_t<T>, Trace>
void for_each_field(T& trace, F&& f) {
  f("capacity", trace.capacity);
  f("prefix", trace.prefix);
  f("accuracy", trace.accuracy);
  f("train_loss", trace.train_loss);
  f("gradient_norm", trace.gradient_norm);
  f("gap", trace.gap);
  f("min_probability", trace.min_probability);
  f("max_probability", trace.max_probability);
  f("group_loss", trace.group_loss);
}

/// What a trial cost, and where: differs from run to run.
struct Cost {
  double seconds = 0;             ///< wall time of the whole trial
  double seconds_embeddings = 0;  ///< 0 where an earlier trial of the rank left them
  double seconds_gradient = 0;
  double seconds_update = 0;
  double seconds_capacity = 0;
  double seconds_measures = 0;   ///< spectra and loss of the final W
  double seconds_blas = 0;       ///< inside BLAS and LAPACK, over all phases and threads
  std::int64_t peak_memory = 0;  ///< bytes, high-water mark of the process during the trial
  std::int64_t threads = 0;
  std::int64_t rank = 0;
  double started = 0;  ///< seconds since 1970
  std::string host;
  std::string blas_kernel;
  std::string softmax_kernel;  ///< of the steps after the first: kernels differ in rounding
};

template <class T, class F>
requires std::is_same_v<std::remove_const_t<T>, Cost>
void for_each_field(T& cost, F&& f) {
  f("seconds", cost.seconds);
  f("seconds_embeddings", cost.seconds_embeddings);
  f("seconds_gradient", cost.seconds_gradient);
  f("seconds_update", cost.seconds_update);
  f("seconds_capacity", cost.seconds_capacity);
  f("seconds_measures", cost.seconds_measures);
  f("seconds_blas", cost.seconds_blas);
  f("peak_memory", cost.peak_memory);
  f("threads", cost.threads);
  f("rank", cost.rank);
  f("started", cost.started);
  f("host", cost.host);
  f("blas_kernel", cost.blas_kernel);
  f("softmax_kernel", cost.softmax_kernel);
}

/// One finished trial, as it travels from a worker to the store.
struct Record {
  Trial trial;  ///< canonical
  Result result;
  Trace trace;
  std::vector<std::int64_t> recall;  ///< recovered items in each bin of recall_bins; empty for a trial without steps
  Cost cost;
  std::string message;  ///< why it failed; empty otherwise
};

}  // namespace memscale
