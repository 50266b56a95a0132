#include "memscale/commands/replay.hpp"

#include <unistd.h>

#include <filesystem>

#include "captured_output.hpp"
#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/run_trial.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

/// What a run stores of a small trial of 30 steps.
Record true_record() {
  Trial trial;
  trial.d = 16;
  trial.items = 300;
  trial.optimizer = OptimizerKind::gd;
  trial.steps = 30;
  Workspace workspace;
  return run_trial(canonical(trial), workspace);
}

Captured replayed(const Record& record, const fs::path& store) {
  write_store(store, {record});
  return captured([&] { return replay({to_hex(trial_id(record.trial)), store.string()}); });
}

}  // namespace

TEST_CASE("replay finds a stored result again") {
  const TemporaryFolder folder;
  const Captured found = replayed(true_record(), folder / "a.h5");
  CHECK(found.status == 0);
  CHECK(contains(found.err, "the same result as stored\n"));
  CHECK(contains(found.out, "\nd=16\n"));
}

TEST_CASE("replay tells a result that differs, and what may be rounding") {
  const TemporaryFolder folder;
  Record record = true_record();
  const std::string accuracy = to_text(record.result.accuracy), capacity = to_text(record.result.capacity);
  record.result.accuracy = 0.125;
  const Captured rounded = replayed(record, folder / "a.h5");
  CHECK(rounded.status == 1);
  CHECK(contains(rounded.err, "accuracy: 0.125 stored, " + accuracy + " now\n"));
  CHECK(contains(rounded.err, "only real numbers differ"));
  record.result.capacity = 77;
  const Captured counted = replayed(record, folder / "b.h5");
  CHECK(counted.status == 1);
  CHECK(contains(counted.err, "capacity: 77 stored, " + capacity + " now\n"));
  CHECK(!contains(counted.err, "only real numbers differ"));
}

TEST_CASE("a dump replaces a dump, and no other file") {
  const TemporaryFolder folder;
  const Record record = true_record();
  write_store(folder / "a.h5", {record});
  const std::string bytes = file_bytes(folder / "a.h5");
  const auto dump = [&](const fs::path& path) {
    return captured([&] {
      return replay({to_hex(trial_id(record.trial)), (folder / "a.h5").string(), "--dump", path.string()});
    });
  };
  CHECK(dump(folder / "dump.h5").status == 0);
  const std::string first = file_bytes(folder / "dump.h5");
  CHECK(dump(folder / "dump.h5").status == 0);
  CHECK(file_bytes(folder / "dump.h5") == first);

  write_bytes(folder / "text.h5", "mine");
  write_bytes(folder / "end.h5", "mine MEMSDUMP");
  fs::create_symlink(folder / "dump.h5", folder / "link.h5");
  fs::create_symlink(folder / "nowhere", folder / "dangling.h5");
  for (const char* name : {"a.h5", "text.h5", "end.h5", "link.h5", "dangling.h5"})
    CHECK_THROWS_AS(dump(folder / name), InputError);
  CHECK(file_bytes(folder / "a.h5") == bytes);
  CHECK(file_bytes(folder / "text.h5") == "mine");
  CHECK_FALSE(fs::exists(folder / "nowhere"));

  // A file that stands where the dump is to be made, as of a killed process with the same number, is passed over, and
  // so is what a link there points to.
  const fs::path temporary = folder / ("new.h5.tmp-" + std::to_string(::getpid()));
  fs::create_symlink(folder / "text.h5", temporary);
  CHECK(dump(folder / "new.h5").status == 0);
  CHECK(fs::is_symlink(temporary));
  CHECK(file_bytes(folder / "text.h5") == "mine");
  CHECK(file_bytes(folder / "new.h5") == first);
}
