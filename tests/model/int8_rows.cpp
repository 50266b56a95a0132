#include "memscale/model/int8_rows.hpp"

#include <random>

#include "catch.hpp"
#include "random_matrix.hpp"

namespace memscale {

namespace {

std::vector<float> ones(Eigen::Index d) {
  return std::vector<float>(static_cast<std::size_t>(d), 1.0f);
}

Int8Rows rounded(const Int8Kernels& kernels, const MatrixF& x) {
  Int8Rows rows(x.rows(), x.cols());
  for (Eigen::Index i = 0; i < x.rows(); ++i) rows.set(kernels, i, x.row(i).data(), ones(x.cols()).data());
  return rows;
}

/// Row i of what `rows` holds.
Eigen::RowVectorXd held(const Int8Rows& rows, Eigen::Index i) {
  const Eigen::Map<const Eigen::Matrix<std::int8_t, 1, Eigen::Dynamic>> q(rows.row(i), rows.columns());
  return static_cast<double>(rows.scale()[static_cast<std::size_t>(i)]) * q.cast<double>();
}

/// Normal rows, and such as strain a bound: one huge coordinate, graded, constant, 0, tiny, huge, halves of a step.
MatrixF strained(Eigen::Index rows, Eigen::Index d, std::mt19937_64& generator) {
  MatrixF x = test::random_matrix(rows, d, generator).cast<float>();
  for (Eigen::Index i = 0; i < rows; ++i) switch (i % 9) {
      case 1:
        x(i, i % d) = 1e4f;
        break;
      case 2:
        for (Eigen::Index k = 0; k < d; ++k) x(i, k) *= std::exp(-0.5f * static_cast<float>(k));
        break;
      case 3:
        x.row(i).setConstant(-0.3f);
        break;
      case 4:
        x.row(i).setZero();
        break;
      case 5:
        x.row(i) *= 1e-22f;
        break;
      case 6:
        x.row(i) *= 1e-33f;
        break;
      case 7:
        x.row(i) *= 1e33f;
        break;
      case 8:
        x.row(i).setConstant(0.5f);
        x(i, 0) = 127;
        break;
      default:
        break;
    }
  return x;
}

}  // namespace

TEST_CASE("rounded rows stay within their bounds", "[model]") {
  std::mt19937_64 generator(41);
  for (const Int8Kernels* kernels : available_int8_kernels())
    for (int d : {1, 2, 15, 16, 17, 63, 64, 65, 200}) {
      const MatrixF x = strained(90, d, generator);
      const Int8Rows rows = rounded(*kernels, x);
      for (Eigen::Index i = 0; i < x.rows(); ++i) {
        const auto at = static_cast<std::size_t>(i);
        const Eigen::RowVectorXd exact = x.row(i).cast<double>();
        const double norm = exact.norm(), error = (exact - held(rows, i)).norm();
        INFO(kernels->name << " d " << d << " row " << i);
        REQUIRE(rows.norm()[at] >= norm);
        REQUIRE(rows.error()[at] >= error);
        if (i % 9 != 4 && i % 9 != 6 && i % 9 != 7) {  // and are no wider than they need be
          REQUIRE(rows.norm()[at] <= norm * 1.0001);
          REQUIRE(rows.error()[at] <= error + norm * 2e-6);
          REQUIRE(error <= std::sqrt(d) * 0.51 * exact.cwiseAbs().maxCoeff() / 127);
        }
        REQUIRE(rows.offset()[at] ==
                128 * Eigen::Map<const Eigen::Matrix<std::int8_t, 1, Eigen::Dynamic>>(rows.row(i), rows.padded())
                          .cast<int>()
                          .sum());
        for (std::int64_t k = d; k < rows.padded(); ++k) REQUIRE(rows.row(i)[k] == 0);
      }
    }
}

TEST_CASE("8-bit scores stay within their bounds of the exact ones", "[model]") {
  std::mt19937_64 generator(42);
  for (const Int8Kernels* kernels : available_int8_kernels())
    for (int repeat = 0; repeat < 40; ++repeat) {
      const auto size = [&](int most) { return std::uniform_int_distribution(1, most)(generator); };
      const int d = size(150), count = size(80), lanes = size(70);
      const MatrixF x = strained(count, d, generator), y = strained(lanes, d, generator);
      const MatrixF right = test::random_matrix(count, lanes, generator).cast<float>();
      const Int8Rows rows = rounded(*kernels, x), others = rounded(*kernels, y);
      const Int8Panels panels(others);
      Int8Operands operands = rows.rows(0, count);
      operands.panels = panels.panel(0);
      operands.panel_count = panels.count();
      Matrix integers(count, lanes);  // exact
      for (int i = 0; i < count; ++i)
        for (int j = 0; j < lanes; ++j) {
          int sum = 0;
          for (int k = 0; k < d; ++k) sum += rows.row(i)[k] * others.row(j)[k];
          integers(i, j) = sum;
        }
      INFO(kernels->name << " d " << d << ", " << count << " x " << lanes);

      std::vector<float> projected(static_cast<std::size_t>(count));
      const std::vector<float> unit(static_cast<std::size_t>(panels.count() * int8_lanes), 1.0f);
      kernels->project(operands, unit.data(), right.data(), lanes, projected.data());
      for (int i = 0; i < count; ++i) {
        const double exact = integers.row(i).dot(right.row(i).cast<double>());
        const double scale = integers.row(i).cwiseAbs().dot(right.row(i).cast<double>().cwiseAbs());
        REQUIRE(std::abs(projected[static_cast<std::size_t>(i)] - exact) <= scale * (lanes + 8) * 0x1p-24);
      }

      // `best` never exceeds the best true score, in units of the row's scale
      std::vector<float> row_error, row_norm, best(static_cast<std::size_t>(count)), lane_error;
      for (std::size_t i = 0; i < best.size(); ++i) {
        row_error.push_back(rows.error()[i] / rows.scale()[i] * (1 + 1e-6f));
        row_norm.push_back((rows.norm()[i] + rows.error()[i]) / rows.scale()[i] * (1 + 1e-6f));
      }
      for (std::size_t j = 0; j < static_cast<std::size_t>(lanes); ++j)
        lane_error.push_back(others.error()[j] + 1e-6f * (others.norm()[j] + others.error()[j]));
      kernels->best(operands, lane_values(panels, others.scale()).data(), lane_values(panels, others.norm()).data(),
                    lane_values(panels, lane_error).data(), row_error.data(), row_norm.data(), best.data());
      const Matrix scores = x.cast<double>() * y.cast<double>().transpose();
      for (int i = 0; i < count; ++i) {
        const double top = scores.row(i).maxCoeff() / rows.scale()[static_cast<std::size_t>(i)];
        REQUIRE(!(best[static_cast<std::size_t>(i)] > top));
      }
    }
}

TEST_CASE("the 8-bit filter leaves out nothing that reaches its threshold", "[model]") {
  std::mt19937_64 generator(43);
  std::int64_t hit = 0, pairs = 0;
  for (const Int8Kernels* kernels : available_int8_kernels())
    for (int repeat = 0; repeat < 60; ++repeat) {
      const int d = std::uniform_int_distribution(1, 200)(generator);
      const int count = std::uniform_int_distribution(1, 100)(generator);
      const MatrixF u =
          repeat % 2 ? strained(count, d, generator) : test::random_matrix(count, d, generator).cast<float>();
      MatrixF y = test::random_matrix(int8_lanes, d, generator).cast<float>();
      y.rowwise().normalize();
      const Int8Rows rows = rounded(*kernels, u), lanes = rounded(*kernels, y);
      const Int8Panels panels(lanes);
      Int8Operands operands = rows.rows(0, count);
      operands.panels = panels.panel(0);
      operands.panel_count = 1;
      std::vector<float> limit, threshold, error, norm;
      for (std::size_t i = 0; i < int8_lanes; ++i) {
        limit.push_back(std::uniform_real_distribution<float>(0, 4)(generator));
        const double scale = lanes.scale()[i], length = lanes.norm()[i] + lanes.error()[i];
        threshold.push_back(static_cast<float>(limit[i] * (1 - 1e-6) / scale));
        error.push_back(static_cast<float>((lanes.error()[i] * (1 + 1e-6) + 1e-6 * length) / scale));
        norm.push_back(static_cast<float>(length * (1 + 2e-6) / scale));
      }
      std::vector<Int8Hit> hits(static_cast<std::size_t>(count));
      const std::int64_t found = kernels->filter(operands, rows.scale().data(), rows.norm().data(), rows.error().data(),
                                                 threshold.data(), error.data(), norm.data(), hits.data());
      std::vector<std::uint32_t> mask(static_cast<std::size_t>(count), 0);
      for (std::int64_t h = 0; h < found; ++h) {
        mask[hits[static_cast<std::size_t>(h)].row] = hits[static_cast<std::size_t>(h)].lanes;
        for (std::uint32_t rest = hits[static_cast<std::size_t>(h)].lanes; rest != 0; rest &= rest - 1) ++hit;
      }
      pairs += count * int8_lanes;
      const Matrix scores = u.cast<double>() * y.cast<double>().transpose();
      INFO(kernels->name << " d " << d << ", " << count << " rows");
      for (Eigen::Index j = 0; j < count; ++j)
        for (std::size_t i = 0; i < int8_lanes; ++i)
          if (scores(j, static_cast<Eigen::Index>(i)) >= limit[i])
            REQUIRE((mask[static_cast<std::size_t>(j)] >> i & 1) == 1);
    }
  CHECK(hit <= pairs / 2);  // and it does leave out
}

TEST_CASE("all kernels give the same integers", "[model]") {
  std::mt19937_64 generator(44);
  const auto kernels = available_int8_kernels();
  const int d = 300, count = 77;
  const MatrixF x = strained(count, d, generator);
  std::vector<Int8Hit> first;
  for (const Int8Kernels* kernel : kernels) {
    const Int8Rows rows = rounded(*kernel, x);
    const Int8Panels panels(rows);
    Int8Operands operands = rows.rows(0, count);
    operands.panels = panels.panel(1);
    operands.panel_count = 1;
    const std::vector<float> one(count, 1.0f), zero(count, 0.0f), threshold(int8_lanes, 1000.0f);
    std::vector<Int8Hit> hits(count);
    hits.resize(static_cast<std::size_t>(kernel->filter(operands, one.data(), zero.data(), zero.data(),
                                                        threshold.data(), zero.data(), zero.data(), hits.data())));
    if (first.empty()) first = hits;
    REQUIRE(hits.size() == first.size());
    for (std::size_t i = 0; i < hits.size(); ++i)
      REQUIRE((hits[i].row == first[i].row && hits[i].lanes == first[i].lanes));
  }
}

}  // namespace memscale
