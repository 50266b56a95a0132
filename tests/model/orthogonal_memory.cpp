#include "memscale/model/orthogonal_memory.hpp"

#include <cmath>

#include "catch.hpp"
#include "memscale/linalg/block_space.hpp"
#include "random_matrix.hpp"

using namespace memscale;

namespace {

OrthogonalMemory dense_memory(const ItemGroups& groups, double noise) {
  return {groups, noise, std::make_unique<DenseScores>(groups)};
}
OrthogonalMemory reduced_memory(const ItemGroups& groups, double noise) {
  return {groups, noise, std::make_unique<BlockScores>(groups)};
}

std::vector<ItemGroups> layouts() {
  return {zipf_groups(12, 3, 1.5),  zipf_groups(6, 6, 1),    zipf_groups(8, 1, 0),  zipf_groups(1, 1, 2),
          two_groups(11, 0.8, 0.2), two_groups(2, 0.6, 0.5), zipf_groups(40, 20, 3)};
}

/// By the definitions, in long double: row j holds the scores of input j.
struct Slow {
  Matrix gradient;
  Vector gap, correct;
  std::vector<std::uint8_t> recovered;

  Slow(const ItemGroups& groups, double noise, const Matrix& s)
      : gradient(s.rows(), s.cols()), gap(s.rows()), correct(s.rows()) {
    const Vector p = groups.item_frequencies();
    const auto items = s.rows();
    for (Eigen::Index j = 0; j < items; ++j) {
      long double sum = 0, kl = 0;
      for (Eigen::Index i = 0; i < items; ++i) sum += std::exp(static_cast<long double>(s(j, i)));
      bool wins = true;
      for (Eigen::Index i = 0; i < items; ++i) {
        const long double pi = std::exp(static_cast<long double>(s(j, i))) / sum;
        const long double target = (i == j ? 1 - static_cast<long double>(noise) : 0.0L) +
                                   static_cast<long double>(noise) / static_cast<long double>(items);
        gradient(j, i) = static_cast<double>(p(j) * (target - pi));
        if (target > 0) kl += target * std::log(target / pi);
        if (i == j) correct(j) = static_cast<double>(pi);
        wins = wins && (i == j || s(j, j) > s(j, i));
      }
      gap(j) = static_cast<double>(kl);
      recovered.push_back(wins);
    }
  }
};

}  // namespace

TEST_CASE("dense scores are seen as the definitions say") {
  std::mt19937_64 generator(11);
  ThreadTeam team(2);
  for (const ItemGroups& groups : layouts())
    for (double noise : {0.0, 0.1, 0.9}) {
      const auto items = static_cast<Eigen::Index>(groups.items());
      INFO("items " << items << " noise " << noise);
      for (double scale : {0.0, 1.0, 12.0}) {
        const Matrix s = scale * test::random_matrix(items, items, generator);
        const OrthogonalMemory memory = dense_memory(groups, noise);
        const ScoreView view = view_scores(memory, s, team);
        const Slow slow(groups, noise, s);
        CHECK((view.gradient - slow.gradient).cwiseAbs().maxCoeff() < 1e-15);
        CHECK((view.correct - slow.correct).cwiseAbs().maxCoeff() < 1e-14);
        CHECK(view.recovered == slow.recovered);
        for (Eigen::Index j = 0; j < items; ++j) CHECK(view.gap(j) == Approx(slow.gap(j)).epsilon(1e-11).margin(1e-15));
        CHECK(view.gradient.rowwise().sum().cwiseAbs().maxCoeff() < 1e-15);
        const ScoreSummary summary = summarize(memory, view);
        const Vector p = groups.item_frequencies();
        CHECK(summary.gap == Approx(p.dot(slow.gap)).epsilon(1e-11).margin(1e-15));
        CHECK(summary.min_probability == view.correct.minCoeff());
        CHECK(summary.max_probability == view.correct.maxCoeff());
        CHECK(summary.capacity == std::count(slow.recovered.begin(), slow.recovered.end(), 1));
        const auto missing = std::find(slow.recovered.begin(), slow.recovered.end(), 0);
        CHECK(summary.prefix == missing - slow.recovered.begin());
        CHECK(recovered_items(memory, view) == slow.recovered);
      }
    }
}

TEST_CASE("reduced scores are seen as the whole matrix") {
  std::mt19937_64 generator(12);
  ThreadTeam team;
  for (const ItemGroups& groups : layouts())
    for (double noise : {0.0, 0.3}) {
      const BlockSpace space(groups.sizes);
      INFO("items " << groups.items() << " noise " << noise);
      Matrix s = 3 * test::random_matrix(space.rows(), space.columns(), generator);
      for (Eigen::Index g = 0; g < space.rows(); ++g)
        if (groups.sizes[static_cast<std::size_t>(g)] == 1) s(g, g) = 0;
      const OrthogonalMemory reduced = reduced_memory(groups, noise), dense = dense_memory(groups, noise);
      const ScoreView few = view_scores(reduced, s, team), all = view_scores(dense, space.expand(s), team);
      CHECK((space.expand(few.gradient) - all.gradient).cwiseAbs().maxCoeff() < 1e-15);
      CHECK(recovered_items(reduced, few) == recovered_items(dense, all));
      CHECK((group_gaps(reduced, few) - group_gaps(dense, all)).cwiseAbs().maxCoeff() < 1e-12);
      const ScoreSummary a = summarize(reduced, few), b = summarize(dense, all);
      CHECK(a.gap == Approx(b.gap).epsilon(1e-12));
      CHECK(a.min_probability == Approx(b.min_probability).epsilon(1e-12));
      CHECK(a.max_probability == Approx(b.max_probability).epsilon(1e-12));
      CHECK(a.accuracy == Approx(b.accuracy).epsilon(1e-12).margin(1e-15));
      CHECK(a.capacity == b.capacity);
      CHECK(a.prefix == b.prefix);
    }
}

TEST_CASE("the view has the same bits for any team") {
  std::mt19937_64 generator(13);
  const ItemGroups groups = zipf_groups(100, 20, 1.2);
  const Matrix s = test::random_matrix(100, 100, generator);
  ThreadTeam one(1), three(3);
  const OrthogonalMemory memory = dense_memory(groups, 0.2);
  const ScoreView a = view_scores(memory, s, one), b = view_scores(memory, s, three);
  CHECK(a.gradient == b.gradient);
  CHECK(a.gap == b.gap);
  CHECK(a.correct == b.correct);
}

TEST_CASE("small gaps keep their digits") {
  ThreadTeam team;
  const ItemGroups groups = zipf_groups(1000, 1, 0);
  // noiseless: L = log(1 + (K - 1) e^-m)
  Matrix s = Matrix::Zero(1, 2);
  s(0, 1) = 50;
  CHECK(view_scores(reduced_memory(groups, 0), s, team).gap(0) == Approx(999 * std::exp(-50.0)).epsilon(1e-13));
  // noisy, a little beside the optimum log(p_j|j / p_i|j): KL ~ m^2 / 2 var
  const double noise = 0.2, wrong = noise / 1000, correct = 1 - noise + wrong, m = 1e-7;
  s(0, 1) = std::log(correct / wrong) + m;
  CHECK(view_scores(reduced_memory(groups, noise), s, team).gap(0) ==
        Approx(m * m / 2 * correct * (1 - correct)).epsilon(1e-5));
  CHECK(reduced_memory(groups, 0).loss_floor() == 0);
  CHECK(reduced_memory(groups, noise).loss_floor() ==
        Approx(-correct * std::log(correct) - 999 * wrong * std::log(wrong)).epsilon(1e-14));
}

TEST_CASE("huge scores are no trouble, infinite ones give no finite gradient") {
  ThreadTeam team;
  const ItemGroups groups = two_groups(5, 0.7, 0.4);
  Matrix s = Matrix::Zero(5, 5);
  s(0, 0) = 1e300;
  s(1, 0) = 1e300;
  const ScoreView view = view_scores(dense_memory(groups, 0), s, team);
  CHECK(view.gradient.allFinite());
  CHECK(view.correct(0) == 1);
  CHECK(view.gap(0) == 0);
  CHECK(view.gap(1) == 1e300);
  CHECK(!view.recovered[1]);
  s(2, 2) = std::numeric_limits<double>::infinity();
  CHECK(!view_scores(dense_memory(groups, 0), s, team).gradient.allFinite());
}

TEST_CASE("very negative scores of groups of one item are no trouble") {
  ThreadTeam team;
  const ItemGroups groups = zipf_groups(3, 3, 1);
  Matrix s = Matrix::Constant(3, 4, -2000);
  for (Eigen::Index g = 0; g < 3; ++g) s(g, g) = 0;
  ScoreRow row;
  BlockScores(groups).read(s, 1, row);
  CHECK(row.own == 1);
  CHECK(row.others(1) == -2000);  // no score of a row is above its largest: the exponential's kernel relies on it
  const ScoreView view = view_scores(reduced_memory(groups, 0.1), s, team);
  CHECK(view.gradient.allFinite());
  CHECK((view.correct.array() - 1.0 / 3).abs().maxCoeff() < 1e-15);
}

TEST_CASE("centered rows have mean 0 in both layouts") {
  std::mt19937_64 generator(14);
  for (const ItemGroups& groups : layouts()) {
    const BlockSpace space(groups.sizes);
    Matrix x = test::random_matrix(space.rows(), space.columns(), generator);
    for (Eigen::Index g = 0; g < space.rows(); ++g)
      if (groups.sizes[static_cast<std::size_t>(g)] == 1) x(g, g) = 0;
    Matrix dense = space.expand(x);
    const Matrix expected = dense.colwise() - dense.rowwise().mean();
    center_rows(reduced_memory(groups, 0), x);
    center_rows(dense_memory(groups, 0), dense);
    CHECK((space.expand(x) - expected).cwiseAbs().maxCoeff() < 1e-14);
    CHECK((dense - expected).cwiseAbs().maxCoeff() < 1e-14);
  }
}
