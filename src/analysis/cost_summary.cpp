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

void CostTally::add(const Record& record) {
  const Cost& cost = record.cost;
  const auto threads = static_cast<double>(std::max<std::int64_t>(cost.threads, 1));
  seconds_ += threads * cost.seconds;
  sum_.embeddings += threads * cost.seconds_embeddings;
  sum_.gradient += threads * cost.seconds_gradient;
  sum_.update += threads * cost.seconds_update;
  sum_.capacity += threads * cost.seconds_capacity;
  sum_.measures += threads * cost.seconds_measures;
  sum_.blas += cost.seconds_blas;
  sum_.peak_memory = std::max(sum_.peak_memory, cost.peak_memory);
  if (!cost.host.empty()) sum_.hosts.insert(cost.host);
  if (!cost.blas_kernel.empty()) sum_.blas_kernels.insert(cost.blas_kernel);
  if (!cost.softmax_kernel.empty()) sum_.softmax_kernels.insert(cost.softmax_kernel);
}

CostSummary CostTally::summary() const {
  CostSummary found = sum_;
  found.core_hours = seconds_ / seconds_per_hour;
  for (double* share :
       {&found.embeddings, &found.gradient, &found.update, &found.capacity, &found.measures, &found.blas})
    *share = seconds_ > 0 ? *share / seconds_ : 0;
  return found;
}

CostSummary summarise_cost(const std::vector<Record>& records) {
  CostTally all;
  for (const Record& record : records) all.add(record);
  return all.summary();
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
