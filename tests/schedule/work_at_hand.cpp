#include "memscale/schedule/work_at_hand.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "catch.hpp"

using namespace memscale;

TEST_CASE("seconds at hand are those of all ranks that are not late") {
  WorkAtHand work(3);
  CHECK(work.seconds_left(0) == 0);
  work.begin(0, 10);
  work.begin(1, 4);
  CHECK(work.seconds_left(1) == Approx(9 + 3));
  CHECK(work.seconds_left(6) == Approx(4));
  work.begin(1, 8);  // late, then given more
  CHECK(work.seconds_left(6) == Approx(4 + 2));
  work.end(std::vector<int>{0});
  CHECK(work.seconds_left(6) == Approx(2));
  work.scale(3, 7);
  CHECK(work.seconds_left(7) == Approx(3));
  CHECK(work.seconds_left(10) == 0);
}

TEST_CASE("any begins, ends and scales leave the sum that counting gives") {
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::mt19937 random(seed);
    const auto up_to = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
    const int ranks = 1 + up_to(8);
    WorkAtHand work(ranks);
    std::vector<double> until(static_cast<std::size_t>(ranks), 0.0);
    std::vector<int> idle(static_cast<std::size_t>(ranks));
    std::iota(idle.begin(), idle.end(), 0);
    double now = 0;
    for (int turn = 0; turn < 300; ++turn) {
      now += up_to(4);
      const int rank = up_to(ranks);
      const auto place = static_cast<std::size_t>(rank);
      const auto found = std::find(idle.begin(), idle.end(), rank);
      if (found != idle.end()) {
        idle.erase(found);
        until[place] = now + up_to(20);
        work.begin(rank, until[place]);
      } else if (up_to(8) == 0) {
        for (double& time : until) time = now + 2 * std::max(0.0, time - now);
        work.scale(2, now);
      } else {
        idle.push_back(rank);  // the last is idle for the shortest time
        until[place] = 0;
        work.end(idle);
      }
      double left = 0;
      for (const double time : until) left += std::max(0.0, time - now);
      REQUIRE(work.seconds_left(now) == Approx(left));
    }
  }
}
