#include "memscale/model/competitors.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <span>

#include "memscale/model/norm_kernel.hpp"

namespace memscale {

namespace {

using Index = Eigen::Index;

constexpr Index block = 2048;         // rows a task
constexpr Index head_rows = 1024;     // met one by one: about one query in a thousand that is no winner is left
constexpr Index frequent_items = 8;   // win most queries where W is nearly of rank one
constexpr Index rows_ahead = 8;       // to be in cache when their turn comes
constexpr int largest_exponent = 60;  // of D: leaves float32 its range

/// use(first, count) for all rows.
template <class Use>
void for_each_block(Index rows, ThreadTeam& team, Use use) {
  team.run(static_cast<std::size_t>((rows + block - 1) / block), [&](std::size_t task, int) {
    const Index first = static_cast<Index>(task) * block;
    use(first, std::min(block, rows - first));
  });
}

/// At least ||D^-1 x||, D^-1 = diag(scale).
float norm_bound(const float* x, const std::vector<float>& scale) {
  static NormKernel* const squared_norm = best_norm_kernel();
  const double squares = squared_norm(x, scale.data(), static_cast<std::int64_t>(scale.size()));
  return static_cast<float>(std::sqrt(squares) * (1 + 1e-6));
}

void prefetch(const float* row, Index columns) {
  constexpr Index line = 16;
  for (Index k = 0; k < columns; k += line) __builtin_prefetch(row + k, 0, 2);
}

/// Sorts items by descending norm, equal ones left in order: a radix sort, as the bits of numbers >= 0 sort like them.
void sort_descending(std::span<std::int64_t> items, const std::vector<float>& norm) {
  constexpr int digit = 11;
  constexpr std::uint32_t mask = (1u << digit) - 1;
  struct Entry {
    std::uint32_t key;
    std::int64_t item;
  };
  std::vector<Entry> entries, sorted(items.size());
  entries.reserve(items.size());
  for (std::int64_t item : items)
    entries.push_back({~std::bit_cast<std::uint32_t>(norm[static_cast<std::size_t>(item)]), item});
  for (int shift = 0; shift < 32; shift += digit) {
    std::vector<std::size_t> next(mask + 2);  // place of the next entry with a digit
    for (const Entry& entry : entries) ++next[(entry.key >> shift & mask) + 1];
    std::partial_sum(next.begin(), next.end(), next.begin());
    for (const Entry& entry : entries) sorted[next[entry.key >> shift & mask]++] = entry;
    entries.swap(sorted);
  }
  std::transform(entries.begin(), entries.end(), items.begin(), [](const Entry& entry) { return entry.item; });
}

}  // namespace

Competitors::Competitors(const GaussianMemory& memory, ThreadTeam& team, const Int8Kernels* int8)
    : int8_(memory.dimension() <= int8_max_columns ? int8 : nullptr) {
  set_input_scale(memory.v, team);
  set_inputs(memory.v, team);
  set_output_norms(memory.u, team);
  set_order(memory.u);
  if (int8_) set_int8_outputs(memory.u, team);
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

void Competitors::set_output_norms(const MatrixF& u, ThreadTeam& team) {
  const std::vector<float> ones(static_cast<std::size_t>(u.cols()), 1.0f);
  output_norm_.resize(static_cast<std::size_t>(u.rows()));
  for_each_block(u.rows(), team, [&](Index first, Index count) {
    for (Index i = first; i < first + count; ++i)
      output_norm_[static_cast<std::size_t>(i)] = norm_bound(u.row(i).data(), ones);
  });
  if (!output_norm_.empty()) longest_output_ = *std::max_element(output_norm_.begin(), output_norm_.end());
}

void Competitors::set_order(const MatrixF& u) {
  order_.resize(output_norm_.size());
  std::iota(order_.begin(), order_.end(), 0);
  sort_descending(std::span(order_).subspan(static_cast<std::size_t>(std::min(frequent_items, u.rows()))),
                  output_norm_);
  head_.resize(std::min(head_rows, u.rows()), u.cols());
  for (Index position = 0; position < head_.rows(); ++position)
    head_.row(position) = u.row(order_[static_cast<std::size_t>(position)]);
}

void Competitors::set_inputs(const MatrixF& v, ThreadTeam& team) {
  input_norm_.resize(static_cast<std::size_t>(v.rows()));
  if (int8_) inputs_ = Int8Rows(v.rows(), v.cols());
  for_each_block(v.rows(), team, [&](Index first, Index count) {
    for (Index i = first; i < first + count; ++i) {
      const float* row = v.row(i).data();
      input_norm_[static_cast<std::size_t>(i)] = norm_bound(row, input_scale_);
      if (int8_) inputs_.set(*int8_, i, row, input_scale_.data());
    }
  });
}

void Competitors::set_int8_outputs(const MatrixF& u, ThreadTeam& team) {
  const std::vector<float> ones(static_cast<std::size_t>(u.cols()), 1.0f);
  const auto row = [&](Index position) { return u.row(order_[static_cast<std::size_t>(position)]).data(); };
  outputs_ = Int8Rows(u.rows(), u.cols());
  for_each_block(u.rows(), team, [&](Index first, Index count) {
    for (Index i = first; i < first + count; ++i) {
      // rows far apart, which no hardware prefetcher sees coming
      if (i + rows_ahead < first + count) prefetch(row(i + rows_ahead), u.cols());
      outputs_.set(*int8_, i, row(i), ones.data());
    }
  });
}

}  // namespace memscale
