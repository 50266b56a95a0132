#include "memscale/model/recall.hpp"

#include "catch.hpp"

using namespace memscale;

TEST_CASE("recall bins cover each rank once, the same for any number of items") {
  for (std::int64_t items : {1, 2, 9, 10, 11, 12, 13, 99, 100, 101, 12345, 100000}) {
    const auto bins = recall_bins(items);
    std::int64_t next = 1;
    for (const RankBin& bin : bins) {
      CHECK(bin.low == next);
      CHECK(bin.high >= bin.low);
      next = bin.high + 1;
    }
    CHECK(next == items + 1);
    const auto more = recall_bins(10 * items);
    for (std::size_t k = 0; k < bins.size(); ++k) CHECK(bins[k].low == more[k].low);
  }
  CHECK(recall_bins(100000).size() == 9 + 4 * 10 + 1);
}

TEST_CASE("a recall curve counts the recovered of each bin") {
  Recovery recovery{std::vector<std::uint8_t>(13, 0)};
  for (std::size_t rank : {1, 3, 10, 12, 13}) recovery.recovered[rank - 1] = 1;
  // bins 1 .. 9, 10-11, 12-13
  CHECK(recall_curve(recovery) == std::vector<std::int64_t>{1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 2});
}
