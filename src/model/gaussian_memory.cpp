#include "memscale/model/gaussian_memory.hpp"

#include <algorithm>
#include <cmath>

#include "memscale/core/memory.hpp"
#include "memscale/model/gaussian_stream.hpp"
#include "memscale/model/weighted_product.hpp"

namespace memscale {

namespace {

/// Standard deviations sqrt(lambda_k), lambda_k = k^-kappa / sum_l l^-kappa; 1/sqrt(d) for kappa = 0.
Vector coordinate_scales(std::int64_t d, double kappa) {
  Vector lambda(d);
  for (std::int64_t k = 0; k < d; ++k) lambda(k) = std::pow(static_cast<double>(k + 1), -kappa);
  return (lambda / lambda.sum()).cwiseSqrt();
}

MatrixF draw(std::uint64_t seed, Purpose purpose, std::int64_t items, const Vector& scales, ThreadTeam& team) {
  constexpr std::int64_t group_rows = 64;  // worth a thread's while at any d
  const auto d = scales.size();
  const GaussianStream stream(seed, purpose, {scales.data(), static_cast<std::size_t>(d)});
  MatrixF rows(items, d);
  prefer_huge_pages(rows.data(), static_cast<std::size_t>(rows.size()) * sizeof(float));
  team.run(static_cast<std::size_t>((items + group_rows - 1) / group_rows), [&](std::size_t group, int) {
    const auto start = static_cast<std::int64_t>(group) * group_rows;
    stream.draw(static_cast<std::uint64_t>(start), std::min(group_rows, items - start), rows.row(start).data());
  });
  return rows;
}

}  // namespace

GaussianMemory make_gaussian_memory(std::int64_t d, std::int64_t items, double kappa, std::uint64_t seed,
                                    ThreadTeam& team) {
  return {draw(seed, Purpose::output_embedding, items, coordinate_scales(d, 0), team),
          draw(seed, Purpose::input_embedding, items, coordinate_scales(d, kappa), team)};
}

Matrix output_covariance(const GaussianMemory& memory, ThreadTeam& team) {
  const Vector uniform = Vector::Constant(memory.items(), 1.0 / static_cast<double>(memory.items()));
  const Vector mean = column_means(memory.u, team);
  // sum_j (u_j - mean) mean^T = 0, so one centred factor is enough
  return weighted_product(memory.u, mean, population_batch(uniform), memory.u, team);
}

}  // namespace memscale
