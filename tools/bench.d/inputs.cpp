#include "inputs.hpp"

#include <cmath>

#include "memscale/linalg/polar.hpp"
#include "memscale/model/frequencies.hpp"
#include "memscale/model/gradient.hpp"
#include "memscale/model/weighted_product.hpp"

namespace memscale::bench {

Inputs make_inputs(std::int64_t d, std::int64_t items, ThreadTeam& team) {
  Inputs inputs{.memory = make_gaussian_memory(d, items, 0, 1, team),
                .p = zipf_frequencies(items, alpha),
                .output_mean = {},
                .weights = {},
                .competitors = {}};
  inputs.output_mean = column_means(inputs.memory.u, team);
  const Matrix gradient = gradient_at_zero(inputs.memory, inputs.output_mean, population_batch(inputs.p), team);
  inputs.weights = std::sqrt(static_cast<double>(d)) * polar_factor(gradient);
  inputs.competitors = Competitors(inputs.memory, team);
  return inputs;
}

Batch spread_batch(const Vector& p, std::int64_t rows) {
  Batch batch{.items = {}, .q = Vector(rows)};
  for (std::int64_t row = 0; row < rows; ++row) {
    batch.items.push_back(row * p.size() / rows);
    batch.q(row) = p(batch.items.back());
  }
  return batch;
}

void write_inputs(const Folder& folder, const Inputs& inputs) {
  const auto bytes = static_cast<std::size_t>(inputs.memory.u.size()) * sizeof(float);
  folder.write("u", inputs.memory.u.data(), bytes);
  folder.write("v", inputs.memory.v.data(), bytes);
  folder.write("weights", inputs.weights.data(), static_cast<std::size_t>(inputs.weights.size()) * sizeof(double));
}

void write_batch(const Folder& folder, const std::string& name, const Batch& batch) {
  folder.write(name + "-items", batch.items.data(), batch.items.size() * sizeof(std::int64_t));
  folder.write(name + "-q", batch.q.data(), batch.items.size() * sizeof(double));
}

}  // namespace memscale::bench
