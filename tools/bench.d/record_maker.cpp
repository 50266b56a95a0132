#include "record_maker.hpp"

#include <algorithm>
#include <cmath>

#include "memscale/experiment/trace_length.hpp"
#include "memscale/model/recall.hpp"
#include "store_options.hpp"

namespace memscale::bench {

namespace {

constexpr std::int64_t items = 100000;
constexpr double first_loss = 11.512925464970229;  // log(items), the loss at W = 0
constexpr int shapes = 1000;

}  // namespace

std::string job_text(std::int64_t trials, std::int64_t steps) {
  // 10 x 5 x 2 = trials_a_seed
  return "[grid]\n"
         "d = 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536\n"
         "alpha = 1.25, 1.5, 1.75, 2, 2.5\n"
         "optimizer = gd, muon\n"
         "seed = 1:" +
         std::to_string(trials / trials_a_seed) + "\n[problem]\nitems = " + std::to_string(items) +
         "\n[train]\nsteps = " + std::to_string(steps) + "\neta = sqrt(d)\n";
}

RecordMaker::RecordMaker(std::int64_t steps) {
  for (const RankBin& bin : recall_bins(items)) bin_sizes_.push_back(bin.high - bin.low + 1);
  for (int i = 0; i < shapes; ++i) {
    const double reached = std::pow(10, 2 + 2.5 * (1 + noise()) / 2), pace = 4 + 3 * noise();
    Shape shape;
    for (std::int64_t step = 1; step <= steps; ++step) {
      const double progress = 1 - std::exp(-static_cast<double>(step) / pace);
      shape.trace.capacity.push_back(reached * progress);
      shape.trace.prefix.push_back(0.4 * reached * progress);
      shape.trace.accuracy.push_back(0.9 * progress);
      shape.trace.train_loss.push_back(first_loss * (1 - 0.8 * progress));
      shape.trace.gradient_norm.push_back(0.3 * (1.02 - progress));
    }
    shape.last_recalled = static_cast<std::int64_t>(10 * std::log10(reached));
    shapes_.push_back(std::move(shape));
  }
  for_each_field(record_.trace, [&](const char* name, std::vector<double>& values) {
    values.resize(trace_length(name, record_.trial, steps));
  });
  record_.recall.resize(bin_sizes_.size());
  record_.result.steps_done = steps;
  record_.cost.threads = 1;
  record_.cost.blas_kernel = "SkylakeX";
  record_.cost.softmax_kernel = "avx512";
}

double RecordMaker::noise() {
  // SplitMix64: a bijection of its counter, so that no two records get the same numbers
  std::uint64_t z = state_ += 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return static_cast<double>(static_cast<std::int64_t>(z ^ (z >> 31))) * 0x1p-63;
}

const Record& RecordMaker::make(const Trial& trial) {
  const Shape& shape = shapes_[static_cast<std::size_t>(state_ >> 32) % shapes_.size()];
  record_.trial = trial;
  const auto with_noise = [&](const std::vector<double>& from, std::vector<double>& to) {
    for (std::size_t step = 0; step < from.size(); ++step) to[step] = from[step] * (1 + 0.02 * noise());
  };
  const auto whole = [](std::vector<double>& values) {
    for (double& value : values) value = static_cast<double>(static_cast<std::int64_t>(value));
  };
  Trace& trace = record_.trace;
  with_noise(shape.trace.capacity, trace.capacity);
  with_noise(shape.trace.prefix, trace.prefix);
  with_noise(shape.trace.accuracy, trace.accuracy);
  with_noise(shape.trace.train_loss, trace.train_loss);
  with_noise(shape.trace.gradient_norm, trace.gradient_norm);
  whole(trace.capacity);
  whole(trace.prefix);
  for (std::size_t bin = 0; bin < bin_sizes_.size(); ++bin) {
    const double beyond = static_cast<double>(static_cast<std::int64_t>(bin) - shape.last_recalled);
    const double share = std::clamp(0.5 - 0.1 * beyond + 0.05 * noise(), 0.0, 1.0);
    record_.recall[bin] = static_cast<std::int64_t>(share * static_cast<double>(bin_sizes_[bin]));
  }
  Result& result = record_.result;
  result.capacity = static_cast<std::int64_t>(trace.capacity.back());
  result.prefix = static_cast<std::int64_t>(trace.prefix.back());
  result.accuracy = trace.accuracy.back();
  result.loss = trace.train_loss.back();
  for (Spectrum* spectrum : {&result.update, &result.weights})
    *spectrum = {3 + noise(), 0.1 + 0.05 * noise(), 5 + noise(), 100 + 10 * noise(), 0.3 + 0.1 * noise(), 2 + noise()};
  result.polar_distance = 0.1 + 0.1 * noise();
  result.polar_cosine = 0.9 + 0.1 * noise();
  Cost& cost = record_.cost;
  cost.seconds = 2 + noise();
  cost.seconds_embeddings = 0.2 + 0.1 * noise();
  cost.seconds_gradient = 1 + 0.5 * noise();
  cost.seconds_update = 0.1 + 0.05 * noise();
  cost.seconds_capacity = 0.1 + 0.05 * noise();
  cost.seconds_measures = 0.1 + 0.05 * noise();
  cost.seconds_blas = 0.5 + 0.2 * noise();
  cost.peak_memory = static_cast<std::int64_t>(1e9 * (1 + 0.1 * noise()));
  cost.rank = static_cast<std::int64_t>(state_ >> 40) % 64;
  cost.started = 1.7e9 + 1e6 * noise();
  cost.host = cost.rank < 32 ? "node01" : "node02";
  return record_;
}

}  // namespace memscale::bench
