#include <algorithm>
#include <span>
#include <stdexcept>

#include "catch.hpp"
#include "memscale/store/result_store.hpp"
#include "store_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

TEST_CASE("records appended together leave the journal that records appended one by one leave") {
  const TemporaryFolder folder;
  std::vector<Record> records = make_records(2500);
  Record long_one = make_record(3000);
  add_traces(long_one, 20'000, 1000, 1);
  records.insert(records.begin() + 700, long_one);
  records.push_back(make_failure(3001, std::string(2000, 'x')));
  records.back().cost.host =
      "n\xC3\xB6"
      "de";
  const auto segment = [&](const std::string& name, const auto& append) {
    ResultStore store(folder / name, make_writer());
    append(store);
    store.sync();
    CHECK(store.synced() == records.size());
    CHECK(store.size() == records.size());
    return file_bytes(folder / (name + ".journal") / "journal-00000001");
  };
  const std::string one_by_one = segment("a.h5", [&](ResultStore& store) {
    for (const Record& record : records) store.append(record);
  });
  CHECK(one_by_one == segment("b.h5", [&](ResultStore& store) { store.append(records); }));
  CHECK(one_by_one == segment("c.h5", [&](ResultStore& store) {
          for (std::size_t begin = 0, size = 0; begin < records.size(); begin += size++)
            store.append(std::span(records).subspan(begin, std::min(size, records.size() - begin)));
        }));
  CHECK(same_records(read_store(folder / "b.h5").records, read_store(folder / "a.h5").records));
}

TEST_CASE("no records leave no journal") {
  const TemporaryFolder folder;
  ResultStore store(folder / "a.h5", make_writer());
  store.append(std::span<const Record>());
  CHECK(store.size() == 0);
  CHECK(names_in(folder / "a.h5.journal").size() == 1);  // the lock
}

TEST_CASE("of records appended together no ten thousand are left without a sync") {
  const TemporaryFolder folder;
  ResultStore store(folder / "a.h5", make_writer());
  const std::vector<Record> records = make_records(50'000);
  for (std::size_t begin = 0, size = 1; begin < records.size(); begin += size, size = 2 * size + 1) {
    size = std::min(size, records.size() - begin);
    store.append(std::span(records).subspan(begin, size));
    REQUIRE(begin + size - store.synced() < 10'000);
  }
}

TEST_CASE("a trial twice among records appended together is judged as one after the other") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  Record other = make_record(1);
  other.result.capacity += 1;
  {
    ResultStore store(path, make_writer());
    SECTION("the same result again") {
      store.append(std::vector{make_record(0), make_record(1), make_record(1), make_record(2)});
    }
    SECTION("a result after a failure") {
      store.append(std::vector{make_record(0), make_failure(1, "out of memory"), make_record(1), make_record(2)});
    }
    SECTION("another result") {
      CHECK_THROWS_AS(store.append(std::vector{make_record(0), make_record(1), make_record(2), other, make_record(3)}),
                      std::runtime_error);
    }
    CHECK(store.size() == 3);
    CHECK(same_record(*store.find(trial_id(make_record(1).trial)), make_record(1)));
    store.finish();
  }
  CHECK(same_records(read_store(path).records, sorted_by_id(make_records(3))));
}

TEST_CASE("a record that cannot be kept costs those before it nothing") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  std::vector<Record> records = make_records(5);
  records[3].trace.accuracy.push_back(1);
  {
    ResultStore store(path, make_writer());
    CHECK_THROWS_AS(store.append(records), std::out_of_range);
    CHECK(store.size() == 3);
    store.append(make_record(3));
    store.finish();
  }
  CHECK(same_records(read_store(path).records, sorted_by_id(make_records(4))));
}
