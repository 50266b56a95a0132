// A file size limit stands for a full disk: write gives EFBIG where ENOSPC would be.
#include <signal.h>
#include <sys/resource.h>

#include <system_error>

#include "catch.hpp"
#include "store/store_fixture.hpp"
#include "system_calls.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

/// No file of this process grows beyond `bytes` while it lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
    handler_ = ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, before_.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int) = SIG_DFL;
};

}  // namespace

TEST_CASE("a disk that fills up during an append costs that record alone") {
  const TemporaryFolder folder;
  const std::vector<Record> records = make_records(100);
  write_store(folder / "undisturbed.h5", records);
  // From not even the segment's first record up to many records; primes, so that they end at all places of a record.
  for (const rlim_t limit : {1, 101, 307, 503, 701, 1009, 2003, 4001, 5003, 8009}) {
    INFO("limit " << limit);
    const fs::path path = folder / ("a" + std::to_string(limit) + ".h5");
    std::size_t appended = 0;
    {
      ResultStore store(path, make_writer());
      {
        const FileSizeLimit full(limit);
        try {
          for (const Record& record : records) {
            store.append(record);
            ++appended;
          }
        } catch (const std::system_error& error) {
          CHECK(error.code() == std::errc::file_too_large);
        }
        REQUIRE(appended < records.size());
        CHECK_THROWS_AS(store.append(records[appended]), std::system_error);
        store.sync();
        CHECK(store.synced() == appended);
        CHECK(store.size() == appended);
        CHECK_THROWS_AS(store.finish(), std::runtime_error);
      }
      CHECK(same_records(read_store(path).records, sorted_by_id(make_records(static_cast<std::int64_t>(appended)))));
      // Room again: the same process can go on behind the truncated write.
      store.append(records[appended]);
    }
    ResultStore store(path, make_writer());
    REQUIRE(store.size() == appended + 1);
    for (std::size_t i = appended + 1; i < records.size(); ++i) store.append(records[i]);
    store.finish();
    CHECK(file_bytes(path) == file_bytes(folder / "undisturbed.h5"));
  }
}

TEST_CASE("a disk that fills up keeps as many of the records appended together as it takes") {
  const TemporaryFolder folder;
  const std::vector<Record> records = make_records(100);
  for (const rlim_t limit : {1, 101, 307, 503, 701, 1009, 2003, 4001, 5003, 8009}) {
    INFO("limit " << limit);
    const fs::path one_by_one = folder / ("a" + std::to_string(limit) + ".h5");
    const fs::path together = folder / ("b" + std::to_string(limit) + ".h5");
    ResultStore a(one_by_one, make_writer()), b(together, make_writer());
    {
      const FileSizeLimit full(limit);
      const auto append_all = [&] {
        for (const Record& record : records) a.append(record);
      };
      CHECK_THROWS_AS(append_all(), std::system_error);
      CHECK_THROWS_AS(b.append(records), std::system_error);
      b.sync();
    }
    REQUIRE(b.size() == a.size());
    CHECK(b.synced() == a.size());
    const std::size_t kept = a.size();
    CHECK(same_records(read_store(together).records, sorted_by_id(make_records(static_cast<std::int64_t>(kept)))));
    b.append(std::span(records).subspan(kept));
    CHECK(b.size() == records.size());
    b.finish();
    CHECK(same_records(read_store(together).records, sorted_by_id(records)));
  }
}

TEST_CASE("a write that fails once among records appended together loses none") {
  const TemporaryFolder folder;
  const std::vector<Record> records = make_records(20);
  ResultStore store(folder / "a.h5", make_writer());
  store.append(records[0]);
  {
    const Fault fault{SystemCall::write, EIO, 1, false};
    const ArmedFault armed(fault);
    store.append(std::span(records).subspan(1));
  }
  CHECK(store.size() == 20);
  store.finish();
  CHECK(same_records(read_store(folder / "a.h5").records, sorted_by_id(records)));
}

TEST_CASE("a disk too full for the snapshot keeps the journal and the old snapshot") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  write_store(path, make_records(3));
  const std::string before = file_bytes(path);
  {
    ResultStore store(path, make_writer());
    store.append(make_record(3));
    {
      const FileSizeLimit full(before.size() / 2);
      CHECK_THROWS_AS(store.finish(), std::runtime_error);
    }
    CHECK(file_bytes(path) == before);
    CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5", "a.h5.journal"});
    CHECK(read_store(path).records.size() == 4);
    store.finish();
  }
  CHECK(read_store(path).records.size() == 4);
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
}

TEST_CASE("a torn record that cannot be cut off ends the journal's use") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  const std::vector<Record> records = make_records(10);
  std::size_t appended = 0;
  {
    ResultStore store(path, make_writer());
    {
      const FileSizeLimit full(1009);
      const Fault fault{SystemCall::ftruncate, EIO, 1, true};
      const ArmedFault armed(fault);
      const auto append_all = [&] {
        for (const Record& record : records) {
          store.append(record);
          ++appended;
        }
      };
      CHECK_THROWS_AS(append_all(), std::system_error);
    }
    REQUIRE(appended > 0);
    // Behind the torn record nothing would ever be read.
    CHECK_THROWS_AS(store.append(records[appended]), std::system_error);
    CHECK_THROWS_AS(store.sync(), std::system_error);
    CHECK(store.synced() == 0);
  }
  CHECK(same_records(read_store(path).records, sorted_by_id(make_records(static_cast<std::int64_t>(appended)))));
}
