#include "memscale/model/item_groups.hpp"

#include <cmath>

#include "catch.hpp"
#include "memscale/model/frequencies.hpp"

using namespace memscale;

TEST_CASE("groups by Zipf's law share the items evenly") {
  for (auto [items, groups] : {std::pair{12, 3}, {12, 12}, {7, 1}, {1, 1}, {100000, 1000}}) {
    const ItemGroups found = zipf_groups(items, groups, 1.7);
    CHECK(found.items() == items);
    const Vector p = found.item_frequencies();
    CHECK(p.size() == items);
    CHECK(p.sum() == Approx(1).epsilon(1e-12));
    const Vector expected = zipf_frequencies(groups, 1.7);
    for (Eigen::Index g = 0; g < groups; ++g) {
      CHECK(found.sizes[static_cast<std::size_t>(g)] == items / groups);
      CHECK(found.p(g) * static_cast<double>(items / groups) == Approx(expected(g)).epsilon(1e-13));
    }
  }
  CHECK(zipf_groups(5, 5, 0).p.isApproxToConstant(0.2));
}

TEST_CASE("a head and a tail share mass and items as asked, rounded to whole items") {
  const ItemGroups paper = two_groups(999, 0.8, 0.2);
  CHECK(paper.sizes == std::vector<std::int64_t>{200, 799});
  CHECK(paper.p(0) == 0.8 / 200);
  CHECK(paper.p(1) == Approx(0.2 / 799).epsilon(1e-15));
  CHECK(paper.item_frequencies().sum() == Approx(1).epsilon(1e-12));
  CHECK(two_groups(2, 0.5, 0.001).sizes == std::vector<std::int64_t>{1, 1});
  CHECK(two_groups(10, 0.5, 0.999).sizes == std::vector<std::int64_t>{9, 1});
}
