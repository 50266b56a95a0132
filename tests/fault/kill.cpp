// A writer is killed with SIGKILL at random moments, again and again: no result that it was told is safe may be lost.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <random>

#include "catch.hpp"
#include "store/store_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t trials = 1500;

/// MEMSCALE_FAULT_COUNT, or the number for every test run.
int fault_count() {
  const char* text = std::getenv("MEMSCALE_FAULT_COUNT");
  return text == nullptr ? 50 : std::max(1, std::atoi(text));
}

std::vector<Record> missing_records(const std::vector<Record>& held) {
  RecordSet set;
  for (const Record& record : held) set.add(trial_id(record.trial), record);
  std::vector<Record> missing;
  for (const Record& record : make_records(trials))
    if (!set.has_result(trial_id(record.trial))) missing.push_back(record);
  return missing;
}

/// Appends what is missing as fast as it can, tells each synced() through `report`, and finishes early or at the end.
void write_missing(const fs::path& path, int report, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  ResultStore store(path, make_provenance());
  const std::size_t finish_after = random() % 2 == 0 ? trials : random() % 200;
  std::size_t appended = 0;
  for (const Record& record : missing_records(store.records())) {
    if (appended++ == finish_after) break;
    store.append(record);
    if (random() % 20 != 0) continue;
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

/// Everything that `path` holds; nothing where no store has begun yet.
std::vector<Record> held_records(const fs::path& path) {
  if (!fs::exists(path) && !fs::exists(path.string() + ".journal")) return {};
  return read_store(path).records;
}

}  // namespace

TEST_CASE("no acknowledged result is lost when the writer is killed") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  write_store(folder / "undisturbed.h5", make_records(trials));
  const std::string undisturbed = file_bytes(folder / "undisturbed.h5");
  constexpr useconds_t longest_life = 60'000;
  std::mt19937_64 random(1);
  int kills = 0, completions = 0;
  std::vector<Record> before;
  while (kills < fault_count() || completions == 0) {
    const std::vector<Record> missing = missing_records(before);
    std::optional<useconds_t> lifetime;
    if (kills < fault_count()) lifetime = static_cast<useconds_t>(random() % longest_life);
    const Outcome outcome = run_writer(path, lifetime, random());
    kills += outcome.killed;
    REQUIRE(outcome.exit_status == 0);
    const std::vector<Record> after = held_records(path);
    RecordSet held;
    for (const Record& record : after) held.add(trial_id(record.trial), record);
    for (const Record& record : before) REQUIRE(held.has_result(trial_id(record.trial)));
    REQUIRE(outcome.synced <= missing.size());
    for (std::size_t i = 0; i < outcome.synced; ++i) REQUIRE(held.has_result(trial_id(missing[i].trial)));
    before = after;
    if (missing_records(after).empty()) {
      // All results are there; whatever the killed writers left, one last run makes the same file of it.
      ResultStore(path, make_provenance()).finish();
      REQUIRE(file_bytes(path) == undisturbed);
      REQUIRE(names_in(folder.path()) == std::vector<std::string>{"a.h5", "undisturbed.h5"});
      fs::remove(path);
      before.clear();
      ++completions;
    }
  }
  CHECK(kills >= fault_count());
}
