#include "memscale/store/record_index.hpp"

#include <map>
#include <random>

#include "catch.hpp"
#include "store_fixture.hpp"

using namespace memscale;
using Added = RecordIndex::Added;

namespace {

IndexEntry entry(std::uint64_t id, TrialStatus status, std::uint64_t digest = 7, std::uint64_t offset = 0) {
  IndexEntry made;
  made.id = id, made.status = status, made.digest = digest, made.offset = offset;
  return made;
}

}  // namespace

TEST_CASE("a finished record replaces a failed one, and stays") {
  RecordIndex index;
  CHECK(index.add(entry(1, TrialStatus::failed, 7, 1)) == Added::is_new);
  CHECK_FALSE(index.has_result(1));
  CHECK(index.add(entry(1, TrialStatus::failed, 8, 2)) == Added::replaced);
  CHECK(index.find(1)->offset == 2);
  CHECK(index.add(entry(1, TrialStatus::diverged, 9, 3)) == Added::replaced);
  CHECK(index.has_result(1));
  CHECK(index.add(entry(1, TrialStatus::failed, 8, 4)) == Added::known);
  CHECK(index.add(entry(1, TrialStatus::diverged, 9, 5)) == Added::known);
  CHECK(index.would_add(entry(1, TrialStatus::ok, 10, 6)) == Added::conflict);
  CHECK(index.add(entry(1, TrialStatus::ok, 10, 6)) == Added::conflict);
  CHECK(index.find(1)->offset == 3);
  CHECK(index.find(2) == nullptr);
  CHECK(index.size() == 1);
}

TEST_CASE("any sequence of entries agrees with a map") {
  std::mt19937_64 random(1);
  RecordIndex index;
  std::map<std::uint64_t, IndexEntry> model;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    // Ids that share their low bits, or their high ones, too.
    const std::uint64_t id = (random() % 170) << (i % 3 == 0 ? 0 : i % 3 == 1 ? 40 : 56);
    const IndexEntry added = entry(id, random() % 2 == 0 ? TrialStatus::failed : TrialStatus::ok, random() % 3, i);
    const auto [held, is_new] = model.try_emplace(added.id, added);
    const bool held_finished = held->second.is_finished();
    const Added expected = is_new                                                        ? Added::is_new
                           : !held_finished                                              ? Added::replaced
                           : !added.is_finished() || held->second.digest == added.digest ? Added::known
                                                                                         : Added::conflict;
    if (expected == Added::replaced) held->second = added;
    REQUIRE(index.add(added) == expected);
    REQUIRE(index.find(added.id)->offset == held->second.offset);
  }
  const std::vector<IndexEntry> sorted = sorted_by_id(index.entries());
  REQUIRE(sorted.size() == model.size());
  auto expected = model.begin();
  for (const IndexEntry& found : sorted) {
    REQUIRE(found.id == expected->first);
    REQUIRE(found.offset == expected++->second.offset);
  }
}

TEST_CASE("the entry of a record says what stands in it") {
  const Record record = make_record(31);
  const IndexEntry made = index_entry(record, 5, 2);
  CHECK(made.id == trial_id(record.trial));
  CHECK(made.offset == 5);
  CHECK(made.file == 2);
  CHECK(made.items == record.trial.items);
  CHECK(made.steps_done == record.result.steps_done);
  CHECK(made.group_losses == 0);
  const Record orthogonal = make_orthogonal_record(2);
  REQUIRE(!orthogonal.trace.group_loss.empty());
  CHECK(index_entry(orthogonal, 0).group_losses == orthogonal.trace.group_loss.size());
  CHECK(made.status == record.result.status);
  Record other = record;
  other.cost.rank += 1;
  CHECK(index_entry(other, 0).digest == made.digest);
  other.recall.front() += 1;
  CHECK(index_entry(other, 0).digest != made.digest);
}
