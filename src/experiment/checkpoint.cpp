#include "checkpoint.hpp"

#include <xxhash.h>

#include <algorithm>
#include <stdexcept>
#include <type_traits>

#include "memscale/core/bytes.hpp"
#include "memscale/experiment/trace_length.hpp"
#include "memscale/linalg/matrix_bytes.hpp"
#include "memscale/optim/make_optimizer.hpp"

namespace memscale {

namespace {

// format | trial id | physics version | Cost | Trace | recovered | W | optimizer | where the trial is trained: W
// before, gradient and update of the last step | XXH3-64 of all before
constexpr std::int64_t format = 2;  ///< raised whenever the bytes, Cost's and Trace's included, mean something else

std::uint64_t checksum_of(std::span<const std::byte> bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

/// The bytes before a checksum that is right; none otherwise.
std::span<const std::byte> sealed_part(std::span<const std::byte> bytes) {
  std::uint64_t sum = 0;
  if (bytes.size() < sizeof sum) return {};
  const auto content = bytes.first(bytes.size() - sizeof sum);
  ByteReader(bytes.last(sizeof sum)).get(sum);
  return sum == checksum_of(content) ? content : std::span<const std::byte>();
}

template <class T>
T next(ByteReader& in) {
  T value{};
  in.get(value);
  return value;
}

bool is_sound(const Checkpoint& checkpoint, const Trial& trial) {
  const std::size_t steps = checkpoint.trace.capacity.size();
  bool sound = steps >= 1 && steps <= static_cast<std::size_t>(trial.steps);
  for_each_field(checkpoint.trace, [&](const char* name, const std::vector<double>& values) {
    sound = sound && values.size() == trace_length(name, trial, static_cast<std::int64_t>(steps));
  });
  const auto& recovered = checkpoint.recovery.recovered;
  return sound && std::all_of(recovered.begin(), recovered.end(), [](std::uint8_t flag) { return flag <= 1; });
}

/// An orthogonal memory's are found again from W.
std::size_t recovered_flags(const Trial& trial) {
  return trial.model == ModelKind::orthogonal ? 0 : static_cast<std::size_t>(trial.items);
}

/// Throws std::out_of_range where bytes are missing.
std::optional<Checkpoint> read_checkpoint(const Trial& trial, ByteReader in) {
  if (next<std::int64_t>(in) != format || next<std::uint64_t>(in) != trial_id(trial) ||
      next<std::int64_t>(in) != physics_version)
    return std::nullopt;
  Checkpoint checkpoint;
  checkpoint.cost = decode<Cost>(in);
  checkpoint.trace = decode<Trace>(in);
  checkpoint.recovery.recovered.resize(recovered_flags(trial));
  in.get_all(std::span(checkpoint.recovery.recovered));
  const bool reduced = trial.representation == Representation::reduced;
  const std::int64_t rows = reduced ? trial.groups : trial.d, columns = reduced ? trial.groups + 1 : trial.d;
  const auto matrix = [&] { return get_matrix(in, rows, columns); };
  checkpoint.weights = matrix();
  checkpoint.optimizer = optimizer_of(trial);
  checkpoint.optimizer->load(in, rows, columns);
  if (is_trained(trial, checkpoint.trace))
    for (Matrix Checkpoint::*of_step : {&Checkpoint::weights_before, &Checkpoint::gradient, &Checkpoint::update})
      checkpoint.*of_step = matrix();
  if (!in.at_end() || !is_sound(checkpoint, trial)) return std::nullopt;
  return checkpoint;
}

}  // namespace

bool is_trained(const Trial& trial, const Trace& trace) {
  const auto& capacity = trace.capacity;
  const auto window = static_cast<std::size_t>(trial.stop_window);
  if (capacity.size() == static_cast<std::size_t>(trial.steps)) return true;
  if (trial.stop_growth == 0 || capacity.size() <= window) return false;
  const double before = capacity[capacity.size() - 1 - window];
  return capacity.back() - before < trial.stop_growth * before;
}

std::vector<std::byte> encode_checkpoint(const Trial& trial, const Simulation& run, const Optimizer& optimizer,
                                         const Cost& cost) {
  constexpr std::size_t scalars = 4096;  // Cost's and others
  const bool trained = is_trained(trial, run.trace);
  std::size_t traced = 0;
  for_each_field(run.trace, [&](const char*, const std::vector<double>& values) { traced += values.size(); });
  const std::size_t matrices = trained ? 6 : 3;  // W, up to two of the optimizer, three of the last step
  ByteWriter out;
  out.reserve(scalars + run.recovery.recovered.size() +
              sizeof(double) * (traced + matrices * static_cast<std::size_t>(run.weights.size())));
  out.put(format);
  out.put(trial_id(trial));
  out.put(physics_version);
  encode(out, cost);
  encode(out, run.trace);
  out.put_all(std::span(run.recovery.recovered));
  put_matrix(out, run.weights);
  optimizer.save(out);
  if (trained)
    for (const Matrix* of_step : {&run.weights_before, &run.gradient, &run.update}) put_matrix(out, *of_step);
  out.put(checksum_of(out.bytes()));
  return std::move(out).bytes();
}

std::optional<Checkpoint> decode_checkpoint(const Trial& trial, std::span<const std::byte> bytes) {
  try {
    return read_checkpoint(trial, ByteReader(sealed_part(bytes)));
  } catch (const std::out_of_range&) {
    return std::nullopt;
  }
}

std::unique_ptr<Optimizer> optimizer_of(const Trial& t) {
  return make_optimizer({.kind = t.optimizer,
                         .orthogonalizer = t.orthogonalizer,
                         .lambda = t.lambda,
                         .ns_coefficients = t.ns_coefficients,
                         .ns_steps = static_cast<int>(t.ns_steps),
                         .ns_lower = t.ns_lower,
                         .ridge = t.ridge,
                         .momentum = t.momentum,
                         .beta1 = t.beta1,
                         .beta2 = t.beta2,
                         .epsilon = t.epsilon});
}

}  // namespace memscale
