#include "inputs.hpp"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <system_error>

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

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "memscale-bench.XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder " + name);
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void Folder::write(const std::string& name, const void* bytes, std::size_t size) const {
  std::ofstream file(path_ / (name + ".bin"), std::ios::binary);
  file.write(static_cast<const char*>(bytes), static_cast<std::streamsize>(size));
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path() + "/" + name + ".bin");
}

void Folder::write(const Inputs& inputs) const {
  const auto bytes = static_cast<std::size_t>(inputs.memory.u.size()) * sizeof(float);
  write("u", inputs.memory.u.data(), bytes);
  write("v", inputs.memory.v.data(), bytes);
  write("weights", inputs.weights.data(), static_cast<std::size_t>(inputs.weights.size()) * sizeof(double));
}

void Folder::write(const std::string& name, const Batch& batch) const {
  write(name + "-items", batch.items.data(), batch.items.size() * sizeof(std::int64_t));
  write(name + "-q", batch.q.data(), batch.items.size() * sizeof(double));
}

}  // namespace memscale::bench
