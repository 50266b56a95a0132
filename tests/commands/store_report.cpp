#include "memscale/commands/store_report.hpp"

#include <unistd.h>

#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/job_file.hpp"
#include "store/store_fixture.hpp"

using namespace memscale;

namespace {

/// The line of this name.
std::string line(const std::string& text, const std::string& name) {
  const std::string all = "\n" + text;
  const std::size_t begin = all.find("\n" + name + ": ");
  return begin == std::string::npos ? "" : all.substr(begin + 1, all.find('\n', begin + 1) - begin - 1);
}

std::vector<Trial> job_trials(const std::string& text) {
  return expand(parse_grid(text, "job", {})).trials;
}

Record result_of(const Trial& trial, TrialStatus status) {
  Record record;
  record.trial = trial;
  record.result.status = status;
  record.cost.started = 1000;
  record.cost.seconds = 5;
  return record;
}

constexpr const char* text = "[grid]\nd = 8, 16\noptimizer = gd\nseed = 1:5\n";

Writer writer() {
  Writer made;
  made.job.text = text;
  made.job.parameters = "train.eta=1\n";
  return made;
}

}  // namespace

TEST_CASE("a report tells a run at work from one that died and one that ended") {
  const TemporaryFolder folder;
  const auto path = folder / "a.h5";
  const std::vector<Trial> trials = job_trials(text);
  REQUIRE(trials.size() == 10);
  {
    ResultStore store(path, writer());
    const StoreReport begun = report_on(path);
    CHECK(begun.use == StoreUse::in_use);
    CHECK(begun.format == 0);
    CHECK(line(report_text(begun, "a.h5", 0), "store") == "store: a.h5, empty, 0 jobs");
    for (std::size_t i = 0; i < 7; ++i)
      store.append(result_of(trials[i], i < 6 ? TrialStatus::ok : TrialStatus::diverged));
    const std::string report = report_text(report_on(path), "a.h5", 1017);
    CHECK(line(report, "store") == "store: a.h5, format 4, 1 job");
    CHECK(line(report, "trials") == "trials: 6 ok, 1 diverged, 0 failed, 3 pending");
    CHECK(line(report, "run").starts_with("run: at work: process " + std::to_string(::getpid()) + " on "));
    CHECK(line(report, "last result") == "last result: 12 s ago");
    CHECK(line(report, "snapshot") == "snapshot: none");
    CHECK(line(report, "journal").ends_with(" bytes in 1 segment, 7 trials that the snapshot does not hold"));
  }
  const std::string died = report_text(report_on(path), "a.h5", 1000 + 3 * 86400);
  CHECK(line(died, "run").starts_with("run: none (the last, process " + std::to_string(::getpid()) + " on "));
  CHECK(line(died, "run").ends_with(", left a journal)"));
  CHECK(line(died, "last result") == "last result: 3 days ago");
  {
    ResultStore store(path, writer());
    for (std::size_t i = 7; i < 10; ++i) store.append(result_of(trials[i], TrialStatus::failed));
    store.finish();
  }
  const std::string ended = report_text(report_on(path), "a.h5", 1017);
  CHECK(line(ended, "trials") == "trials: 6 ok, 1 diverged, 3 failed, 0 pending");
  CHECK(line(ended, "run") == "run: none");
  CHECK(line(ended, "journal") == "journal: none");
  CHECK(line(ended, "snapshot")
            .starts_with("snapshot: " + std::to_string(std::filesystem::file_size(path)) + " bytes, made "));
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
}

TEST_CASE("a report counts failures by their messages, the most frequent first") {
  const TemporaryFolder folder;
  const std::vector<Trial> trials = job_trials(text);
  std::vector<Record> records;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    records.push_back(result_of(trials[i], TrialStatus::failed));
    records.back().message = i < 5 ? "singular" : i < 8 ? "two\nlines" : i == 8 ? "x" : "y";
  }
  write_store(folder / "a.h5", records, writer());
  const StoreReport report = report_on(folder / "a.h5");
  REQUIRE(report.failures.size() == 4);
  std::uint64_t lowest = trial_id(trials[0]);
  for (std::size_t i = 0; i < 5; ++i) lowest = std::min(lowest, trial_id(trials[i]));
  const std::string shown = report_text(report, "a.h5", 0);
  CHECK(line(shown, "failed") == "failed: 5 x \"singular\", memscale replay " + to_hex(lowest));
  CHECK(contains(shown, "failed: 3 x \"two?lines\", memscale replay "));
  CHECK(contains(shown, "\nfailed: 1 trial with other messages\n"));
}

TEST_CASE("a report says what it does not know") {
  const TemporaryFolder folder;
  Writer strange = writer();
  strange.job.text = "[grid]\nd = 8\nwidth = 2\n";
  write_store(folder / "a.h5", make_records(3), strange);
  const std::string report = report_text(report_on(folder / "a.h5"), "a.h5", 0);
  CHECK(line(report, "trials") == "trials: 2 ok, 1 diverged, 0 failed, pending not known");
  CHECK(line(report, "unknown").starts_with("unknown: job 1 cannot be read by this version: job 1:3: unknown key"));
  CHECK_THROWS_AS(report_on(folder / "none.h5"), InputError);
}
