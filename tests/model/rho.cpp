#include "memscale/model/rho.hpp"

#include <cmath>

#include "catch.hpp"
#include "random_matrix.hpp"

using namespace memscale;

namespace {

/// Gradient at W = 0 in the layout of scores: p_j ([i = j] - 1 / K).
Matrix first_gradient(const ItemGroups& groups) {
  const Vector p = groups.item_frequencies();
  const auto items = p.size();
  return p.asDiagonal() *
         (Matrix::Identity(items, items) - Matrix::Constant(items, items, 1.0 / static_cast<double>(items)));
}

OrthogonalMemory dense_memory(const ItemGroups& groups) {
  return {groups, 0, std::make_unique<DenseScores>(groups)};
}

}  // namespace

TEST_CASE("rho of one step of gd is the closed form of arXiv 2509.26030") {
  ThreadTeam team;
  for (auto [items, mass, share] : {std::tuple{999, 0.8, 0.2}, {30, 0.8, 0.2}, {100, 0.3, 0.5}, {2, 0.9, 0.5}})
    for (double eps : {0.4, 0.1, 0.01, 1e-3}) {
      const ItemGroups groups = two_groups(items, mass, share);
      const double k = static_cast<double>(items);
      const double r = std::min(groups.p(0), groups.p(1)) / std::max(groups.p(0), groups.p(1));
      const double expected = 1 - eps / (eps + std::pow(1 - eps, r) * std::pow(eps, 1 - r) * std::pow(k - 1, r - 1));
      INFO("items " << items << " eps " << eps);
      CHECK(rho(dense_memory(groups), first_gradient(groups), eps, team) ==
            Approx(expected).epsilon(1e-11).margin(1e-12));
    }
}

TEST_CASE("rho agrees with a scan over learning rates, whatever the update") {
  std::mt19937_64 generator(21);
  ThreadTeam team;
  for (int sample = 0; sample < 40; ++sample) {
    const ItemGroups groups = zipf_groups(6, 3, 1);
    const OrthogonalMemory memory = dense_memory(groups);
    Matrix update = test::random_matrix(6, 6, generator);
    if (sample % 2) update.diagonal().array() += 2;
    for (double eps : {0.5, 0.1}) {
      double expected = std::numeric_limits<double>::quiet_NaN();
      for (double eta = 0; eta < 60; eta += 1e-3) {
        const Vector correct = view_scores(memory, eta * update, team).correct;
        if (correct.maxCoeff() < 1 - eps) continue;
        expected = correct.minCoeff();
        break;
      }
      const double found = rho(memory, update, eps, team);
      INFO("sample " << sample << " eps " << eps);
      if (std::isnan(expected))
        CHECK(std::isnan(found));
      else
        CHECK(found == Approx(expected).margin(5e-3));
    }
  }
}

TEST_CASE("rho without a learning rate that is large enough is not a number") {
  ThreadTeam team;
  const ItemGroups groups = zipf_groups(4, 4, 1);
  CHECK(std::isnan(rho(dense_memory(groups), Matrix::Zero(4, 4), 0.1, team)));
  CHECK(std::isnan(rho(dense_memory(groups), -first_gradient(groups), 0.1, team)));
  CHECK(std::isnan(rho(dense_memory(groups), Matrix::Constant(4, 4, std::nan("")), 0.1, team)));
  const ItemGroups one = zipf_groups(1, 1, 1);
  CHECK(rho(dense_memory(one), Matrix::Zero(1, 1), 0.1, team) == 1);
}

TEST_CASE("rho of reduced scores is that of the whole matrix") {
  ThreadTeam team;
  const ItemGroups groups = two_groups(60, 0.8, 0.2);
  const OrthogonalMemory reduced{groups, 0, std::make_unique<BlockScores>(groups)};
  Matrix update(2, 3);
  const double wrong = -1.0 / 60;
  update << wrong * groups.p(0), wrong * groups.p(0), groups.p(0) * (1 + wrong),  //
      wrong * groups.p(1), wrong * groups.p(1), groups.p(1) * (1 + wrong);
  for (double eps : {0.5, 0.1, 0.01})
    CHECK(rho(reduced, update, eps, team) ==
          Approx(rho(dense_memory(groups), first_gradient(groups), eps, team)).epsilon(1e-12));
}

TEST_CASE("an item that is learnt early and lost again counts where it is learnt") {
  // f of item 2 reaches 0.1 at eta = 0.903 and is below it again from 2.3 on; item 1 reaches it at 4.8
  ThreadTeam team;
  const OrthogonalMemory memory = dense_memory(zipf_groups(100, 1, 0));
  Matrix update = Matrix::Constant(100, 100, -0.01);
  update.diagonal().setZero();
  update.row(0).tail(99).setConstant(-0.5);
  update.row(1).setConstant(-3);
  update(1, 1) = 0;
  update(1, 50) = 1;
  const double eps = 0.9;
  double eta = 0;
  while (view_scores(memory, eta * update, team).correct.maxCoeff() < 1 - eps) eta += 1e-3;
  CHECK(eta == Approx(0.903).margin(0.002));
  CHECK(rho(memory, update, eps, team) ==
        Approx(view_scores(memory, eta * update, team).correct.minCoeff()).epsilon(1e-3));
}
