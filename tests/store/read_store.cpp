#include <sys/wait.h>
#include <unistd.h>

#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "memscale/store/journal.hpp"
#include "memscale/store/result_store.hpp"
#include "memscale/store/store_view.hpp"
#include "store_fixture.hpp"

using namespace memscale;

TEST_CASE("a reader sees each record from its append on") {
  const TemporaryFolder folder;
  ResultStore store(folder / "a.h5", make_writer());
  CHECK(read_store(folder / "a.h5").records.empty());
  for (std::int64_t i = 0; i < 20; ++i) {
    store.append(make_record(i));
    REQUIRE(same_records(read_store(folder / "a.h5").records, sorted_by_id(make_records(i + 1))));
  }
}

TEST_CASE("a reader never loses what another process has written, whatever that does meanwhile") {
  const TemporaryFolder folder;
  const auto path = folder / "a.h5";
  constexpr std::int64_t runs = 60, records_each = 5;
  write_store(path, {make_record(0)});
  int pipe_ends[2];
  REQUIRE(::pipe(pipe_ends) == 0);
  const pid_t writer = ::fork();
  REQUIRE(writer >= 0);
  if (writer == 0) {
    // Many short runs: each makes a journal, replaces the snapshot and removes the journal.
    int status = 0;
    try {
      for (std::int64_t run = 0; run < runs; ++run) {
        ResultStore store(path, make_writer());
        for (std::int64_t i = 1; i <= records_each; ++i) store.append(make_record(run * records_each + i));
        if (run % 3 != 0) store.finish();
        const std::int64_t written = (run + 1) * records_each + 1;
        if (::write(pipe_ends[1], &written, sizeof written) != sizeof written) status = 2;
      }
    } catch (const std::exception&) {
      status = 1;
    }
    ::_exit(status);
  }
  ::close(pipe_ends[1]);
  std::int64_t written = 0;
  std::string problem;
  while (problem.empty() && ::read(pipe_ends[0], &written, sizeof written) == sizeof written) {
    for (int i = 0; problem.empty() && i < 5; ++i) {
      try {
        const auto held = static_cast<std::int64_t>(read_store(path).records.size());
        if (held < written) problem = "lost: " + std::to_string(held) + " of " + std::to_string(written);
      } catch (const std::exception& error) {
        problem = error.what();
      }
    }
  }
  ::close(pipe_ends[0]);
  int status = 0;
  REQUIRE(::waitpid(writer, &status, 0) == writer);
  CHECK(problem == "");
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(written == runs * records_each + 1);
}

TEST_CASE("a reader is told of a segment that does not end with a whole record") {
  const TemporaryFolder folder;
  const auto path = folder / "a.h5";
  {
    ResultStore store(path, make_writer());
    store.append(make_record(1));
    store.append(make_record(2));
  }
  CHECK(read_store(path).notes.empty());
  const auto segments = journal_segments(folder / "a.h5.journal");
  REQUIRE(segments.size() == 1);
  write_bytes(segments.front(), file_bytes(segments.front()) + "torn!");
  const StoreContents contents = read_store(path);
  CHECK(contents.records.size() == 2);
  REQUIRE(contents.notes.size() == 1);
  CHECK(contents.notes.front() == segments.front().filename().string() +
                                      ": its last 5 bytes are not whole records; their trials count as not run");
}

TEST_CASE("a record that could not be read back is refused and never reaches the disk") {
  const TemporaryFolder folder;
  const auto path = folder / "a.h5";
  Record wrong = make_record(1);
  wrong.trace.prefix.push_back(1);
  ResultStore store(path, make_writer());
  store.append(make_record(2));
  CHECK_THROWS_AS(store.append(wrong), std::out_of_range);
  store.append(make_record(3));
  CHECK(read_store(path).records.size() == 2);
}

TEST_CASE("a path with control characters is refused in one line") {
  const TemporaryFolder folder;
  const auto path = folder / "no\ndir" / "a.h5";
  const auto one_line = [](const std::string& message) {
    return message.starts_with("invalid store=") && message.find('\n') == std::string::npos;
  };
  CHECK(one_line(message_of<InputError>([&] { read_store(path); })));
  CHECK(one_line(message_of<InputError>([&] { ResultStore(path, make_writer()); })));
}
