#include "memscale/model/orthogonal_memory.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "memscale/model/exp_kernel.hpp"

namespace memscale {

namespace {

/// p_i|j of the correct output and of each wrong one.
struct Target {
  explicit Target(const OrthogonalMemory& memory)
      : wrong(memory.label_noise / memory.items()), correct(1 - memory.label_noise + wrong), items(memory.items()) {}
  double wrong, correct, items;
};

/// phi(u) = e^u - 1 - u >= 0
double phi(double u) {
  return std::expm1(u) - u;
}

/// One row on its way: scores become probabilities, then the gradient.
class RowView {
 public:
  explicit RowView(const OrthogonalMemory& memory) : rows_(*memory.rows), target_(memory) {}

  void look(const Matrix& scores, Eigen::Index index, double p, ScoreView& view) {
    rows_.read(scores, index, row_);
    const double best_wrong = largest_wrong(), top = std::max(row_.correct, best_wrong);
    e_.resize(row_.others.size());
    const double wrong = exp_(row_.others.data(), top, row_.counts.data(), e_.size(), e_.data());
    const double correct = std::exp(row_.correct - top);
    const double sum = correct + wrong;
    view.gap(index) = gap(top, sum, wrong);
    view.correct(index) = correct / sum;
    view.recovered[static_cast<std::size_t>(index)] = row_.correct > best_wrong;
    // sum_i (p_i|j - pi_i|j) = 0, so that the correct output's part is what the wrong ones lose, without cancellation
    row_.correct = p * (wrong / sum - (target_.items - 1) * target_.wrong);
    row_.others = p * (target_.wrong - (1 / sum) * e_);
    rows_.write(row_, index, view.gradient);
  }

 private:
  double largest_wrong() const {
    const auto& s = row_.others;
    if (row_.own < 0) return s.maxCoeff();
    double largest = -std::numeric_limits<double>::infinity();  // of none
    if (row_.own > 0) largest = s.head(row_.own).maxCoeff();
    if (row_.own + 1 < s.size()) largest = std::max(largest, s.tail(s.size() - row_.own - 1).maxCoeff());
    return largest;
  }

  /// sum_i p_i|j log(p_i|j / pi_i|j), `sum` and `wrong` being sums of exp(s - top).
  double gap(double top, double sum, double wrong) const {
    if (target_.wrong == 0)  // -log pi_j|j
      return row_.correct == top ? std::log1p(wrong) : top - row_.correct + std::log(sum);
    // = sum_i p_i|j phi(u_i), u_i = log(pi_i|j / p_i|j), as both distributions sum to 1: no term is negative
    const double log_sum = top + std::log(sum), log_wrong = std::log(target_.wrong);
    double total = target_.correct * phi(row_.correct - log_sum - std::log(target_.correct));
    for (Eigen::Index i = 0; i < row_.others.size(); ++i)
      if (row_.counts(i) > 0) total += row_.counts(i) * target_.wrong * phi(row_.others(i) - log_sum - log_wrong);
    return total;
  }

  ExpKernel* const exp_ = best_exp_kernel();
  const ScoreRows& rows_;
  const Target target_;
  ScoreRow row_;
  Eigen::ArrayXd e_;
};

template <class F>
void for_each_row(const OrthogonalMemory& memory, F f) {
  for (Eigen::Index row = 0; row < memory.rows->rows(); ++row)
    f(row, memory.rows->group(row), memory.rows->inputs(row));
}

}  // namespace

double OrthogonalMemory::loss_floor() const {
  const Target target(*this);
  if (target.wrong == 0) return 0;
  return -target.correct * std::log(target.correct) - (target.items - 1) * target.wrong * std::log(target.wrong);
}

ScoreView view_scores(const OrthogonalMemory& memory, const Matrix& scores, ThreadTeam& team) {
  const auto rows = memory.rows->rows();
  ScoreView view{Matrix(scores.rows(), scores.cols()), Vector(rows), Vector(rows),
                 std::vector<std::uint8_t>(static_cast<std::size_t>(rows), 0)};
  constexpr Eigen::Index block = 16;
  std::vector<RowView> of_threads(static_cast<std::size_t>(team.size()), RowView(memory));
  team.run(static_cast<std::size_t>((rows + block - 1) / block), [&](std::size_t task, int thread) {
    const Eigen::Index first = static_cast<Eigen::Index>(task) * block, end = std::min(first + block, rows);
    for (Eigen::Index row = first; row < end; ++row)
      of_threads[static_cast<std::size_t>(thread)].look(scores, row, memory.groups.p(memory.rows->group(row)), view);
  });
  return view;
}

void center_rows(const OrthogonalMemory& memory, Matrix& scores) {
  ScoreRow row;
  for (Eigen::Index index = 0; index < memory.rows->rows(); ++index) {
    memory.rows->read(scores, index, row);
    const double mean = (row.correct + (row.counts * row.others).sum()) / memory.items();
    row.correct -= mean;
    row.others -= mean;
    memory.rows->write(row, index, scores);
  }
}

ScoreSummary summarize(const OrthogonalMemory& memory, const ScoreView& view) {
  ScoreSummary all;
  all.min_probability = view.correct.minCoeff();
  all.max_probability = view.correct.maxCoeff();
  bool unbroken = true;
  for_each_row(memory, [&](Eigen::Index row, Eigen::Index group, double inputs) {
    const double mass = inputs * memory.groups.p(group);
    const bool recovered = view.recovered[static_cast<std::size_t>(row)] != 0;
    all.gap += mass * view.gap(row);
    unbroken = unbroken && recovered;
    if (recovered) {
      all.accuracy += mass;
      all.capacity += static_cast<std::int64_t>(inputs);
    }
    if (unbroken) all.prefix += static_cast<std::int64_t>(inputs);
  });
  return all;
}

std::vector<std::uint8_t> recovered_items(const OrthogonalMemory& memory, const ScoreView& view) {
  std::vector<std::uint8_t> all;
  for_each_row(memory, [&](Eigen::Index row, Eigen::Index, double inputs) {
    all.insert(all.end(), static_cast<std::size_t>(inputs), view.recovered[static_cast<std::size_t>(row)]);
  });
  return all;
}

Vector group_gaps(const OrthogonalMemory& memory, const ScoreView& view) {
  Vector gaps = Vector::Zero(memory.groups.p.size());
  for_each_row(memory,
               [&](Eigen::Index row, Eigen::Index group, double inputs) { gaps(group) += inputs * view.gap(row); });
  for (Eigen::Index g = 0; g < gaps.size(); ++g)
    gaps(g) /= static_cast<double>(memory.groups.sizes[static_cast<std::size_t>(g)]);
  return gaps;
}

}  // namespace memscale
