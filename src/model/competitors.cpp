#include "memscale/model/competitors.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace memscale {

namespace {

using Index = Eigen::Index;

constexpr Index block = 2048;         // rows a task
constexpr Index head_rows = 1024;     // met one by one: about one query in a thousand that is no winner is left
constexpr Index frequent_items = 8;   // win most queries where W is nearly of rank one
constexpr int largest_exponent = 60;  // of D: leaves float32 its range

/// use(first, count) for all rows.
template <class Use>
void for_each_block(Index rows, ThreadTeam& team, Use use) {
  team.run(static_cast<std::size_t>((rows + block - 1) / block), [&](std::size_t task, int) {
    const Index first = static_cast<Index>(task) * block;
    use(first, std::min(block, rows - first));
  });
}

/// At least the norm of a float32 row whose squares were summed in float64.
float rounded_up(double norm) {
  return static_cast<float>(norm * (1 + 1e-6));
}

}  // namespace

Competitors::Competitors(const GaussianMemory& memory, ThreadTeam& team, const Int8Kernels* int8)
    : int8_(memory.dimension() <= int8_max_columns ? int8 : nullptr) {
  set_input_scale(memory.v, team);
  set_norms(memory, team);
  set_order(memory.u);
  if (int8_) set_int8(memory, team);
}

void Competitors::set_input_scale(const MatrixF& v, ThreadTeam& team) {
  const auto tasks = static_cast<std::size_t>((v.rows() + block - 1) / block);
  std::vector<Eigen::RowVectorXd> parts(static_cast<std::size_t>(team.size()));
  Eigen::RowVectorXd squares = Eigen::RowVectorXd::Zero(v.cols());
  team.run(
      tasks,
      [&](std::size_t task, int thread) {
        const Index first = static_cast<Index>(task) * block, last = std::min(first + block, v.rows());
        Eigen::RowVectorXd& part = parts[static_cast<std::size_t>(thread)];
        part.setZero(v.cols());
        for (Index i = first; i < last; ++i) part += v.row(i).cast<double>().cwiseAbs2();
      },
      [&](std::size_t, int thread) { squares += parts[static_cast<std::size_t>(thread)]; });
  for (Index k = 0; k < v.cols(); ++k) {
    const double rms = std::sqrt(squares(k) / static_cast<double>(v.rows()));
    const int exponent = rms > 0 ? std::clamp(std::ilogb(rms), -largest_exponent, largest_exponent) : 0;
    input_scale_.push_back(std::ldexp(1.0f, -exponent));
  }
}

void Competitors::set_norms(const GaussianMemory& memory, ThreadTeam& team) {
  output_norm_.resize(static_cast<std::size_t>(memory.items()));
  input_norm_.resize(output_norm_.size());
  const Eigen::Map<const Eigen::RowVectorXf> scale(input_scale_.data(), memory.dimension());
  for_each_block(memory.items(), team, [&](Index first, Index count) {
    for (Index i = first; i < first + count; ++i) {
      output_norm_[static_cast<std::size_t>(i)] = rounded_up(memory.u.row(i).cast<double>().norm());
      const auto scaled = memory.v.row(i).cast<double>().cwiseProduct(scale.cast<double>());
      input_norm_[static_cast<std::size_t>(i)] = rounded_up(scaled.norm());
    }
  });
  if (!output_norm_.empty()) longest_output_ = *std::max_element(output_norm_.begin(), output_norm_.end());
}

void Competitors::set_order(const MatrixF& u) {
  order_.resize(output_norm_.size());
  std::iota(order_.begin(), order_.end(), 0);
  const auto norm = [&](std::int64_t item) { return output_norm_[static_cast<std::size_t>(item)]; };
  std::stable_sort(order_.begin() + std::min(frequent_items, u.rows()), order_.end(),
                   [&](std::int64_t a, std::int64_t b) { return norm(a) > norm(b); });
  head_.resize(std::min(head_rows, u.rows()), u.cols());
  for (Index position = 0; position < head_.rows(); ++position)
    head_.row(position) = u.row(order_[static_cast<std::size_t>(position)]);
}

void Competitors::set_int8(const GaussianMemory& memory, ThreadTeam& team) {
  const std::vector<float> ones(static_cast<std::size_t>(memory.dimension()), 1.0f);
  outputs_ = Int8Rows(memory.items(), memory.dimension());
  inputs_ = Int8Rows(memory.items(), memory.dimension());
  for_each_block(memory.items(), team, [&](Index first, Index count) {
    for (Index i = first; i < first + count; ++i) {
      outputs_.set(*int8_, i, memory.u.row(order_[static_cast<std::size_t>(i)]).data(), ones.data());
      inputs_.set(*int8_, i, memory.v.row(i).data(), input_scale_.data());
    }
  });
}

}  // namespace memscale
