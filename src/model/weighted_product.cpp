#include "memscale/model/weighted_product.hpp"

#include <algorithm>

#include "memscale/linalg/blas.hpp"

namespace memscale {

namespace {

constexpr Eigen::Index group_rows = 512;  // float64 copies near the cache; adding a group's sum costs little beside it

std::size_t group_count(Eigen::Index rows) {
  return static_cast<std::size_t>((rows + group_rows - 1) / group_rows);
}

}  // namespace

Vector column_means(const MatrixF& rows, ThreadTeam& team) {
  Vector sum = Vector::Zero(rows.cols());
  std::vector<Vector> partial(static_cast<std::size_t>(team.size()));
  team.run(
      group_count(rows.rows()),
      [&](std::size_t group, int thread) {
        const auto start = static_cast<Eigen::Index>(group) * group_rows,
                   end = std::min(start + group_rows, rows.rows());
        Vector& own = partial[static_cast<std::size_t>(thread)];
        own.setZero(rows.cols());
        for (Eigen::Index i = start; i < end; ++i) own += rows.row(i).transpose().cast<double>();
      },
      [&](std::size_t, int thread) { sum += partial[static_cast<std::size_t>(thread)]; });
  return sum / static_cast<double>(rows.rows());
}

Matrix weighted_product(const MatrixF& a, const Vector& offset, const Batch& batch, const MatrixF& b,
                        ThreadTeam& team) {
  struct Workspace {
    Matrix left, right, product;
  };
  Matrix sum = Matrix::Zero(a.cols(), b.cols());
  std::vector<Workspace> workspaces(static_cast<std::size_t>(team.size()));
  const auto size = static_cast<Eigen::Index>(batch.items.size());
  team.run(
      group_count(size),
      [&](std::size_t group, int thread) {
        const auto start = static_cast<Eigen::Index>(group) * group_rows, count = std::min(group_rows, size - start);
        auto& [left, right, product] = workspaces[static_cast<std::size_t>(thread)];
        left.resize(count, a.cols());
        right.resize(count, b.cols());
        product.resize(a.cols(), b.cols());
        for (Eigen::Index row = 0; row < count; ++row) {
          const auto item = batch.items[static_cast<std::size_t>(start + row)];
          left.row(row) = batch.q(start + row) * (a.row(item).cast<double>() - offset.transpose());
          right.row(row) = b.row(item).cast<double>();
        }
        blas::gemm(blas::Op::transpose, blas::Op::none, 1.0, left, right, 0.0, product);
      },
      [&](std::size_t, int thread) { sum += workspaces[static_cast<std::size_t>(thread)].product; });
  return sum;
}

}  // namespace memscale
