#include "memscale/store/record_source.hpp"

#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "store_fixture.hpp"

using namespace memscale;

namespace {

/// Fails from some record on.
class Damaged : public RecordFile {
 public:
  Record read(const IndexEntry& entry, RecordParts) override {
    if (entry.offset >= 3000) throw InputError("damaged");
    return make_record(static_cast<std::int64_t>(entry.offset));
  }
  std::shared_ptr<RecordFile> twin() const override { return std::make_shared<Damaged>(*this); }
};

}  // namespace

TEST_CASE("records read ahead by another thread come in order, each once, over several batches") {
  for (std::int64_t count : {0, 1, 2048, 2049, 5000}) {
    const RecordSource source = source_of(make_records(count));
    std::vector<std::uint64_t> ids, expected;
    for (const IndexEntry& entry : source.entries) expected.push_back(entry.id);
    source.for_each_read_ahead([&](const Record& record, const IndexEntry& entry) {
      ids.push_back(trial_id(record.trial));
      REQUIRE(entry.id == ids.back());
    });
    CHECK(ids == expected);
  }
}

TEST_CASE("what fails in the thread that reads is thrown where records are used, and what fails there as well") {
  RecordSource source{{std::make_shared<Damaged>()}, {}};
  for (std::int64_t i = 0; i < 5000; ++i)
    source.entries.push_back(index_entry(make_record(i), static_cast<std::uint64_t>(i)));
  std::size_t used = 0;
  CHECK_THROWS_AS(source.for_each_read_ahead([&](const Record&, const IndexEntry&) { ++used; }), InputError);
  CHECK(used == 2048);
  const auto refuse = [](const Record&, const IndexEntry&) { throw InputError("refused"); };
  CHECK_THROWS_AS(source.for_each_read_ahead(refuse), InputError);
}
