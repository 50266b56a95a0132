// What a machine that loses power, or a disk that lies, makes of a journal's segment: cut off anywhere, bits flipped,
// pages that were never synced lost, zeroed or full of garbage. What was synced before is not lost, and nothing comes
// to be that was not appended.
#include <algorithm>
#include <random>

#include "catch.hpp"
#include "full_counts.hpp"
#include "memscale/core/error.hpp"
#include "memscale/store/journal.hpp"
#include "store/store_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

/// A journal of one segment that a run left, of which a sync covered the first records.
class LeftJournal {
 public:
  LeftJournal(std::int64_t synced, std::int64_t unsynced)
      : records_(make_records(synced + unsynced)), synced_(static_cast<std::size_t>(synced)) {
    const fs::path undisturbed = folder_ / "undisturbed.h5";
    write_store(undisturbed, records_);
    undisturbed_ = file_bytes(undisturbed);
    ResultStore store(path(), make_writer());
    for (const Record& record : records_) {
      store.append(record);
      segment_ = journal_segments(path().string() + ".journal").back();
      ends_.push_back(fs::file_size(segment_));
      if (ends_.size() == synced_) store.sync();
    }
    bytes_ = file_bytes(segment_);
  }

  fs::path path() const { return folder_ / "a.h5"; }
  const fs::path& segment() const { return segment_; }
  const std::string& bytes() const { return bytes_; }
  const std::vector<Record>& records() const { return records_; }
  std::size_t records_before(std::size_t offset) const {
    return static_cast<std::size_t>(std::upper_bound(ends_.begin(), ends_.end(), offset) - ends_.begin());
  }
  std::size_t end_of(std::size_t record) const { return ends_.at(record); }
  std::size_t synced_size() const { return ends_.at(synced_ - 1); }
  std::size_t synced() const { return synced_; }

  /// The store holds the first `least` records at least, and only what was appended. Returns how many.
  std::size_t require_held(const std::string& damaged, std::size_t least) const {
    fs::remove(segment_);  // ext4 would wait for the disk if the old file were cut to nothing and written again
    write_bytes(segment_, damaged);
    const std::vector<Record> held = read_store(path()).records;
    REQUIRE(held.size() >= least);
    REQUIRE(held.size() <= records_.size());
    REQUIRE(same_records(held, sorted_by_id(make_records(static_cast<std::int64_t>(held.size())))));
    return held.size();
  }

  /// A run completes the store; then all is as before the damage.
  void require_completed() const {
    ResultStore store(path(), make_writer());
    for (const Record& record : records_)
      if (!store.has_result(trial_id(record.trial))) store.append(record);
    store.finish();
    REQUIRE(file_bytes(path()) == undisturbed_);
    fs::remove(path());
    fs::create_directory(path().string() + ".journal");
  }

 private:
  TemporaryFolder folder_;
  std::vector<Record> records_;
  std::size_t synced_;
  std::vector<std::size_t> ends_;  ///< of each record's frame
  fs::path segment_;
  std::string bytes_, undisturbed_;
};

constexpr std::size_t page = 4096;

/// The pages of bytes that no sync covered: [begin, end), the first and last cut off.
std::vector<std::pair<std::size_t, std::size_t>> unsynced_pages(const LeftJournal& journal) {
  std::vector<std::pair<std::size_t, std::size_t>> pages;
  for (std::size_t begin = journal.synced_size(); begin < journal.bytes().size();) {
    const std::size_t end = std::min(begin / page * page + page, journal.bytes().size());
    pages.emplace_back(begin, end);
    begin = end;
  }
  return pages;
}

}  // namespace

TEST_CASE("a segment cut off at any byte of its last records keeps those before") {
  const LeftJournal journal(4, 3);
  std::size_t cuts = 0;
  for (std::size_t size = journal.end_of(3); size < journal.bytes().size(); ++size, ++cuts) {
    INFO("cut at " << size);
    const std::size_t whole = journal.records_before(size);
    CHECK(journal.require_held(journal.bytes().substr(0, size), whole) == whole);
    if (cuts % static_cast<std::size_t>(count_of(50, 1)) == 0) journal.require_completed();
  }
  report("journal cut off at each of the last " + std::to_string(cuts) + " bytes: no whole record lost");
}

TEST_CASE("a flipped bit in a segment costs the records from there on at most") {
  const LeftJournal journal(8, 4);
  std::mt19937_64 random(3);
  constexpr int flips = 200;
  std::size_t kept = 0;
  for (int i = 0; i < flips; ++i) {
    const std::size_t bit = random() % (8 * journal.bytes().size());
    INFO("bit " << bit);
    std::string damaged = journal.bytes();
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
    const std::size_t whole = journal.records_before(bit / 8);
    const std::size_t held = journal.require_held(damaged, whole);
    CHECK(held == whole);
    kept += held;
    if (i % count_of(10, 1) == 0) journal.require_completed();
  }
  CHECK(kept > 0);
  report("journal with a flipped bit: " + std::to_string(flips) + " flips, all noticed, no record before one lost");
}

TEST_CASE("a record that changes on the disk after its segment was scanned is refused") {
  const LeftJournal journal(4, 0);
  const StoreView view = open_store(journal.path());
  // In the host's name, which no digest of results covers: the frame's checksum alone tells.
  const std::size_t host = journal.bytes().rfind("node");
  REQUIRE(host != std::string::npos);
  std::fstream(journal.segment(), std::ios::in | std::ios::out | std::ios::binary)
      .seekp(static_cast<std::streamoff>(host))
      .put('N');
  int refused = 0;
  for (const IndexEntry& entry : view.source.entries) {
    try {
      view.source.read(entry);
    } catch (const InputError& error) {
      CHECK(contains(error.what(), "do not match their checksum"));
      ++refused;
    }
  }
  CHECK(refused == 1);
}

TEST_CASE("unsynced pages that a machine loses cost nothing that was synced") {
  const LeftJournal journal(20, 60);
  const auto pages = unsynced_pages(journal);
  REQUIRE(pages.size() > 5);
  std::mt19937_64 random(4);
  constexpr int damages = 400;
  std::size_t beyond = 0;
  for (int i = 0; i < damages; ++i) {
    std::string damaged = journal.bytes();
    // One page or several; the file's length may have reached the disk or not.
    for (std::size_t lost = 1 + random() % 3; lost > 0; --lost) {
      const auto [begin, end] = pages[random() % pages.size()];
      const auto first = damaged.begin() + static_cast<long>(begin), last = damaged.begin() + static_cast<long>(end);
      switch (random() % 3) {
        case 0:
          std::fill(first, last, '\0');
          break;
        case 1:
          std::generate(first, last, [&] { return static_cast<char>(random()); });
          break;
        default:  // an older file's page: frames, of this very segment, at another place
          std::copy_n(journal.bytes().begin() + static_cast<long>(random() % (journal.bytes().size() - page)),
                      end - begin, first);
      }
    }
    if (random() % 4 == 0) damaged.resize(pages[random() % pages.size()].first);
    INFO("damage " << i);
    const std::size_t held = journal.require_held(damaged, journal.synced());
    CHECK(held < journal.records().size());
    beyond += held > journal.synced();
    if (i % count_of(20, 1) == 0) journal.require_completed();
  }
  CHECK(beyond > 0);
  report("unsynced pages zeroed, garbled or lost: " + std::to_string(damages) + " times, no synced record lost");
}
