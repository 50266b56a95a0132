#include "memscale/analysis/cost_summary.hpp"

#include <algorithm>
#include <cmath>

#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr double seconds_per_hour = 3600;
constexpr double bytes_per_gib = 1024.0 * 1024.0 * 1024.0;

std::string joined(const std::set<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text.append(text.empty() ? "" : ", ").append(value);
  return text.empty() ? "unknown" : text;
}

std::string percent(double share) {
  return fixed_text(100 * share, 1) + " %";
}

}  // namespace

CostSummary summarise_cost(const std::vector<Record>& records) {
  CostSummary sum;
  double seconds = 0;
  for (const Record& record : records) {
    const Cost& cost = record.cost;
    const auto threads = static_cast<double>(std::max<std::int64_t>(cost.threads, 1));
    seconds += threads * cost.seconds;
    sum.embeddings += threads * cost.seconds_embeddings;
    sum.gradient += threads * cost.seconds_gradient;
    sum.update += threads * cost.seconds_update;
    sum.capacity += threads * cost.seconds_capacity;
    sum.measures += threads * cost.seconds_measures;
    sum.blas += cost.seconds_blas;
    sum.peak_memory = std::max(sum.peak_memory, cost.peak_memory);
    if (!cost.host.empty()) sum.hosts.insert(cost.host);
    if (!cost.blas_kernel.empty()) sum.blas_kernels.insert(cost.blas_kernel);
  }
  sum.core_hours = seconds / seconds_per_hour;
  for (double* share : {&sum.embeddings, &sum.gradient, &sum.update, &sum.capacity, &sum.measures, &sum.blas})
    *share = seconds > 0 ? *share / seconds : 0;
  return sum;
}

Table cost_table(const CostSummary& cost) {
  const double other = std::max(0.0, 1 - cost.embeddings - cost.gradient - cost.update - cost.capacity - cost.measures);
  const double gib = static_cast<double>(cost.peak_memory) / bytes_per_gib;
  return {{"quantity", "value"},
          {{"core-hours", fixed_text(cost.core_hours, 3)},
           {"embeddings", percent(cost.embeddings)},
           {"gradient", percent(cost.gradient)},
           {"update", percent(cost.update)},
           {"capacity", percent(cost.capacity)},
           {"spectra and loss", percent(cost.measures)},
           {"other", percent(other)},
           {"inside BLAS and LAPACK (part of the above)", percent(cost.blas)},
           {"peak memory of a process", fixed_text(gib, 2) + " GiB"},
           {"hosts", to_text(static_cast<std::int64_t>(cost.hosts.size()))},
           {"BLAS kernel", joined(cost.blas_kernels)}},
          {false, true}};
}

}  // namespace memscale
