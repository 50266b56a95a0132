#include "memscale/core/edit_distance.hpp"

#include <vector>

#include "catch.hpp"

using namespace memscale;

TEST_CASE("a distance counts insertions, deletions, substitutions and swaps") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("alpha", "alpha") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("alpha", "alhpa") == 1);
  CHECK(edit_distance("alpha", "alpa") == 1);
  CHECK(edit_distance("alpha", "alphas") == 1);
  CHECK(edit_distance("alpha", "alphe") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("the nearest name is the first of those that are equally near") {
  const std::vector<std::string> names{"d", "alpha", "beta1", "beta2"};
  CHECK(nearest_name("alhpa", names) == "alpha");
  CHECK(nearest_name("beta", names) == "beta1");
  CHECK(nearest_name(std::string(1 << 20, 'x'), names) == "d");
}
