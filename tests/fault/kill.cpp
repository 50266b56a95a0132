// A writer is killed with SIGKILL at random moments, again and again: no result that it was told is safe may be lost.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <set>

#include "catch.hpp"
#include "full_counts.hpp"
#include "store/store_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t trials = 1500;

/// Those of make_records(trials) for which `has_result(id)` is false.
template <class HasResult>
std::vector<Record> missing_records(HasResult&& has_result) {
  std::vector<Record> missing;
  for (const Record& record : make_records(trials))
    if (!has_result(trial_id(record.trial))) missing.push_back(record);
  return missing;
}

/// Appends what is missing as fast as it can, tells each synced() through `report`, and finishes early or at the end.
void write_missing(const fs::path& path, int report, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  ::setenv("MEMSCALE_SNAPSHOT_SECONDS", "0", 1);
  ResultStore store(path, make_writer());
  const std::size_t finish_after = random() % 2 == 0 ? trials : random() % 200;
  std::size_t appended = 0;
  for (const Record& record : missing_records([&](std::uint64_t id) { return store.has_result(id); })) {
    if (appended++ == finish_after) break;
    store.append(record);
    if (random() % 20 != 0) continue;
    store.snapshot_if_due();
    store.sync();
    const std::uint64_t synced = store.synced();
    if (::write(report, &synced, sizeof synced) != sizeof synced) ::_exit(3);
  }
  store.finish();
}

struct Outcome {
  std::uint64_t synced = 0;  ///< records that the writer was told are safe
  bool killed = false;
  int exit_status = 0;
};

/// Runs a writer and kills it after `lifetime` microseconds; not at all without one.
Outcome run_writer(const fs::path& path, std::optional<useconds_t> lifetime, std::uint64_t seed) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t writer = ::fork();
  REQUIRE(writer >= 0);
  if (writer == 0) {
    ::close(ends[0]);
    try {
      write_missing(path, ends[1], seed);
    } catch (const std::exception&) {
      ::_exit(2);
    }
    ::_exit(0);
  }
  ::close(ends[1]);
  if (lifetime) {
    ::usleep(*lifetime);
    ::kill(writer, SIGKILL);
  }
  Outcome outcome;
  for (std::uint64_t synced = 0; ::read(ends[0], &synced, sizeof synced) == sizeof synced;) outcome.synced = synced;
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(writer, &status, 0) == writer);
  outcome.killed = WIFSIGNALED(status);
  outcome.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  return outcome;
}

/// The ids of all that `path` holds; none where no store has begun yet. Requires that they are as they were appended.
std::set<std::uint64_t> held_ids(const fs::path& path, const std::map<std::uint64_t, Record>& expected) {
  std::set<std::uint64_t> ids;
  if (!fs::exists(path) && !fs::exists(path.string() + ".journal")) return ids;
  for (const Record& record : read_store(path).records) {
    const auto original = expected.find(trial_id(record.trial));
    REQUIRE(original != expected.end());
    REQUIRE(same_record(record, original->second));
    ids.insert(original->first);
  }
  return ids;
}

}  // namespace

TEST_CASE("no acknowledged result is lost when the writer is killed") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  write_store(folder / "undisturbed.h5", make_records(trials));
  const std::string undisturbed = file_bytes(folder / "undisturbed.h5");
  std::map<std::uint64_t, Record> expected;
  for (const Record& record : make_records(trials)) expected.emplace(trial_id(record.trial), record);
  constexpr useconds_t longest_life = 60'000;
  const int planned = count_of(50, 300);
  std::mt19937_64 random(1);
  int kills = 0, completions = 0, torn = 0;
  std::set<std::uint64_t> before;
  while (kills < planned || completions == 0) {
    const std::vector<Record> missing = missing_records([&](std::uint64_t id) { return before.contains(id); });
    std::optional<useconds_t> lifetime;
    if (kills < planned) lifetime = static_cast<useconds_t>(random() % longest_life);
    const Outcome outcome = run_writer(path, lifetime, random());
    kills += outcome.killed;
    REQUIRE(outcome.exit_status == 0);
    const std::set<std::uint64_t> after = held_ids(path, expected);
    REQUIRE(std::includes(after.begin(), after.end(), before.begin(), before.end()));
    REQUIRE(outcome.synced <= missing.size());
    for (std::size_t i = 0; i < outcome.synced; ++i) REQUIRE(after.contains(trial_id(missing[i].trial)));
    if (fs::exists(path.string() + ".journal")) torn += !read_store(path).notes.empty();
    before = after;
    if (after.size() == trials) {
      // All results are there; whatever the killed writers left, one last run makes the same file of it.
      ResultStore(path, make_writer()).finish();
      REQUIRE(file_bytes(path) == undisturbed);
      REQUIRE(names_in(folder.path()) == std::vector<std::string>{"a.h5", "undisturbed.h5"});
      fs::remove(path);
      before.clear();
      ++completions;
    }
  }
  report("writer killed: " + std::to_string(kills) + " kills, " + std::to_string(torn) + " with torn tails, " +
         std::to_string(completions) + " stores ended as if undisturbed");
}
