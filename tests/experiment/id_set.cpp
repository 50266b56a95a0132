#include "memscale/experiment/id_set.hpp"

#include <random>
#include <set>

#include "catch.hpp"

using namespace memscale;

TEST_CASE("a set of ids tells new ones from known ones, from whatever size it starts") {
  for (std::size_t expected : {0, 1, 100, 5000}) {
    IdSet ids(expected);
    std::set<std::uint64_t> reference;
    std::mt19937_64 random(expected);
    for (int i = 0; i < 20000; ++i) {
      // From few values, so that about half come again; multiples of 2^40 share their low bits.
      const std::uint64_t id = random() % 2 ? random() % 10000 : (random() % 500) << 40;
      REQUIRE(ids.insert(id) == reference.insert(id).second);
    }
    CHECK_FALSE(ids.insert(0));
  }
}
