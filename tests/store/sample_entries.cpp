#include "memscale/store/sample_entries.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "catch.hpp"

using namespace memscale;

namespace {

std::vector<IndexEntry> entries(std::uint64_t count) {
  std::vector<IndexEntry> all(count);
  for (std::uint64_t i = 0; i < count; ++i) all[i].id = i * i;
  return all;
}

std::vector<std::uint64_t> ids(const std::vector<IndexEntry>& sample) {
  std::vector<std::uint64_t> found;
  for (const IndexEntry& entry : sample) found.push_back(entry.id);
  return found;
}

}  // namespace

TEST_CASE("a sample depends on seed and trials, not on their order") {
  std::vector<IndexEntry> shuffled = entries(100);
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(1));
  CHECK(ids(sample_entries(entries(100), 10, 5)) == ids(sample_entries(shuffled, 10, 5)));
  CHECK(ids(sample_entries(entries(100), 10, 5)) != ids(sample_entries(entries(100), 10, 6)));
  const std::vector<std::uint64_t> more = ids(sample_entries(entries(100), 20, 5));
  CHECK(ids(sample_entries(entries(100), 10, 5)) == std::vector(more.begin(), more.begin() + 10));
}

TEST_CASE("a sample holds each trial once, at most as many as there are, and every one at times") {
  std::map<std::uint64_t, int> drawn;
  for (std::uint64_t seed = 0; seed < 500; ++seed)
    for (const std::uint64_t id : ids(sample_entries(entries(20), 5, seed))) ++drawn[id];
  CHECK(drawn.size() == 20);
  // 125 expected each, standard deviation 9.7: six of them.
  for (const auto& [id, count] : drawn) CHECK(std::abs(count - 125) < 60);
  const std::vector<std::uint64_t> all = ids(sample_entries(entries(7), 100, 1));
  CHECK(std::set(all.begin(), all.end()).size() == 7);
  CHECK(all.size() == 7);
  CHECK(sample_entries({}, 10, 1).empty());
  CHECK(sample_entries(entries(7), 0, 1).empty());
}
