#include "memscale/model/capacity.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "memscale/core/rank_group.hpp"
#include "memscale/model/capacity_check.hpp"

namespace memscale {

using Index = Eigen::Index;

double float_gamma(std::int64_t n) {
  const double e = std::ldexp(1.0, -24), order = static_cast<double>(n);
  return order * e / (1 - order * e);
}

ScaledWeights::ScaledWeights(const Matrix& weights, const std::vector<float>& input_scale) {
  const Eigen::Map<const Eigen::RowVectorXf> scale(input_scale.data(), weights.cols());
  const Eigen::RowVectorXd d = scale.cast<double>().cwiseInverse();
  // D spans 2^-60 .. 2^60 at most: first W near 1, so that W D cannot overflow, then W D near 1
  const int first = -std::ilogb(weights.cwiseAbs().maxCoeff()) - 1;
  const auto scaled = [](const Matrix& w, int by) {  // in two steps: 2^by alone may overflow
    return Matrix(w * std::ldexp(1.0, by / 2) * std::ldexp(1.0, by - by / 2));
  };
  exact = scaled(weights, first);
  const int second = -std::ilogb((exact.array().rowwise() * d.array()).abs().maxCoeff()) - 1;
  exact = scaled(exact, second);
  exponent = first + second;
  const Matrix exact_balanced = exact.array().rowwise() * d.array();
  balanced = exact_balanced.cast<float>();
  plain = balanced.array().rowwise() * scale.array();
  frobenius = exact_balanced.norm() * (1 + 1e-9);
}

namespace {

using Items = std::vector<std::int64_t>;

/// stage(check, items), the items spread over the ranks of the team's group, `block` after `block`. Each rank decides
/// by itself about its own, so that the ranks' CPUs may differ.
template <class Stage>
Items shared_by_ranks(const CapacityCheck& check, Items items, Index block, Stage stage) {
  RankGroup* group = check.team.group();
  if (!group) return stage(check, std::move(items));
  Items own;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (static_cast<Index>(i) / block % group->size() == group->rank()) own.push_back(items[i]);
  const Items own_left = stage(check, std::move(own));
  const auto parts = group->gather(bytes_of_values(std::span(own_left)));
  Items left;
  for (const RankGroup::Bytes& part : parts) {
    const auto of_rank = values_of<std::int64_t>(part);
    left.insert(left.end(), of_rank.begin(), of_rank.end());
  }
  std::sort(left.begin(), left.end());
  broadcast(group, left);
  return left;
}

}  // namespace

Recovery find_recovered(const GaussianMemory& memory, const Competitors& competitors, const Matrix& weights,
                        double margin, ThreadTeam& team) {
  Recovery recovery{std::vector<std::uint8_t>(static_cast<std::size_t>(memory.items()), 0)};
  if (!weights.allFinite() || weights.isZero(0)) return recovery;
  const ScaledWeights scaled(weights, competitors.input_scale());
  const CapacityCheck check{memory, competitors, scaled, std::ldexp(margin, scaled.exponent), team};
  Items items(recovery.recovered.size());
  std::iota(items.begin(), items.end(), 0);
  items = shared_by_ranks(check, std::move(items), int8_block, reject_by_int8);
  items = shared_by_ranks(check, std::move(items), 1, reject_by_float);
  items = shared_by_ranks(check, std::move(items), 1, reject_exactly);
  for (std::int64_t item : items) recovery.recovered[static_cast<std::size_t>(item)] = 1;
  return recovery;
}

std::int64_t Recovery::capacity() const {
  return std::count(recovered.begin(), recovered.end(), 1);
}

std::int64_t Recovery::prefix() const {
  return std::find(recovered.begin(), recovered.end(), 0) - recovered.begin();
}

double Recovery::accuracy(const Vector& p) const {
  double sum = 0;
  for (std::size_t i = 0; i < recovered.size(); ++i)
    if (recovered[i]) sum += p(static_cast<Index>(i));
  return sum;
}

}  // namespace memscale
