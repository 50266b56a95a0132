// Killed runs can leave more journal segments than a process may open files.

#include "../../src/store/segment_file.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>

#include "catch.hpp"
#include "memscale/experiment/record_bytes.hpp"
#include "memscale/store/journal.hpp"
#include "store_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

/// At most `most` open files while it lives.
class FileLimit {
 public:
  explicit FileLimit(rlim_t most) {
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
    const rlimit limit{most, before_.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
  }
  ~FileLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

/// As runs leave them that are killed: `count` segments with a record each.
void leave_segments(const fs::path& path, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    ResultStore store(path, make_writer());
    store.append(make_record(i));
    store.sync();
  }
}

std::size_t open_files() {
  return names_in("/proc/self/fd").size();
}

/// How each of the store's records is read: "" if well.
std::vector<std::string> troubles_of(const StoreView& view) {
  std::vector<std::string> troubles;
  for (const IndexEntry& entry : view.source.entries)
    troubles.push_back(message_of<std::system_error>([&] { view.source.read(entry); }));
  return troubles;
}

}  // namespace

TEST_CASE("a store of more segments than files can be open is read, written and finished") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  constexpr std::int64_t segments = 100;
  leave_segments(path, segments);
  {
    const FileLimit limit(static_cast<rlim_t>(open_files()) + 40);
    CHECK(same_records(read_store(path).records, sorted_by_id(make_records(segments))));
    const StoreView view = open_store(path);
    RecordSource twin = view.source.twin();
    std::vector<Record> here, there;
    std::thread other([&] { twin.for_each([&](Record&& record, const IndexEntry&) { there.push_back(record); }); });
    view.source.for_each([&](Record&& record, const IndexEntry&) { here.push_back(std::move(record)); });
    other.join();
    CHECK(same_records(here, sorted_by_id(make_records(segments))));
    CHECK(same_records(there, here));
    ResultStore store(path, make_writer());
    store.append(make_record(segments));
    store.finish();
  }
  CHECK(same_records(read_store(path).records, sorted_by_id(make_records(segments + 1))));
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
}

TEST_CASE("segments that are removed stay readable as far as they stay open, and are said to be gone otherwise") {
  const TemporaryFolder folder;
  const auto troubles_after_finish = [&](const std::string& name, std::int64_t segments) {
    leave_segments(folder / name, segments);
    std::optional<FileLimit> limit(static_cast<rlim_t>(64));
    const StoreView view = open_store(folder / name);
    limit.reset();
    ResultStore(folder / name, make_writer()).finish();
    return troubles_of(view);
  };
  for (const std::string& trouble : troubles_after_finish("few.h5", 16)) CHECK(trouble == "nothing thrown");
  const std::vector<std::string> troubles = troubles_after_finish("many.h5", 40);
  CHECK(std::count(troubles.begin(), troubles.end(), "nothing thrown") >= 16);
  CHECK(std::any_of(troubles.begin(), troubles.end(),
                    [](const std::string& trouble) { return contains(trouble, "No such file"); }));
}

TEST_CASE("another file in a closed segment's place is not taken for it") {
  const TemporaryFolder folder;
  const FileLimit limit(64);
  write_bytes(folder / "0", "mine");
  const SegmentFile first(folder / "0");
  std::vector<std::unique_ptr<SegmentFile>> others;
  const auto open_others = [&] {
    for (int i = 1; i <= 16; ++i) {
      write_bytes(folder / std::to_string(i), "");
      others.push_back(std::make_unique<SegmentFile>(folder / std::to_string(i)));
    }
  };
  open_others();
  CHECK(first.open());  // by its name again
  fs::rename(folder / "0", folder / "moved");
  write_bytes(folder / "0", "yours");
  CHECK(first.open());  // still open
  others.clear();
  open_others();
  CHECK_THROWS_AS(first.open(), std::system_error);
  fs::remove(folder / "0");
  CHECK_THROWS_AS(first.open(), std::system_error);
  fs::rename(folder / "moved", folder / "0");
  CHECK(first.open());
}
