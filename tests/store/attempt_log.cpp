#include "memscale/store/attempt_log.hpp"

#include <fstream>
#include <random>
#include <string>

#include "catch.hpp"
#include "temporary_folder.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

using Deaths = std::map<std::uint64_t, int>;
using Ids = std::vector<std::uint64_t>;

struct Journal {
  TemporaryFolder folder;
  StorePath path{folder.path() / "a.h5", folder.path() / "a.h5.journal", folder.path()};
  Journal() { fs::create_directory(path.journal); }

  Deaths deaths() const { return AttemptLog(path).deaths(); }
  std::string text() const {
    std::ifstream in(path.journal / "attempts", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& text) const { std::ofstream(path.journal / "attempts", std::ios::binary) << text; }
};

/// The rank's own line is there, as of one that sees the store's folder.
void work(AttemptLog& log, const Journal& journal, int rank, const Ids& ids) {
  log.at_work(std::vector<int>{rank}, ids);
  DepartureLine(journal.path.snapshot, rank);
}

void leave(const Journal& journal, int rank) {
  DepartureLine(journal.path.snapshot, rank).write_left();
}

void rest(AttemptLog& log, int rank) {
  log.idle(std::vector<int>{rank});
}

}  // namespace

TEST_CASE("a run that was killed leaves what was at work") {
  const Journal journal;
  {
    AttemptLog log(journal.path);
    CHECK(log.deaths().empty());
    work(log, journal, 0, {1, 2});
    work(log, journal, 1, {3});
    work(log, journal, 2, {4});
    rest(log, 1);
    work(log, journal, 1, {5});
    rest(log, 2);
  }
  CHECK(journal.deaths() == Deaths{{1, 1}, {2, 1}, {5, 1}});
  SECTION("and a second time twice") {
    {
      AttemptLog log(journal.path);
      work(log, journal, 7, {5, 9});
    }
    CHECK(journal.deaths() == Deaths{{1, 1}, {2, 1}, {5, 2}, {9, 1}});
  }
  SECTION("once only, however often it is looked at") {
    for (int look = 0; look < 3; ++look) CHECK(journal.deaths() == Deaths{{1, 1}, {2, 1}, {5, 1}});
  }
  SECTION("until it is forgiven") {
    {
      AttemptLog log(journal.path);
      log.forget(2);
      CHECK(log.deaths() == Deaths{{1, 1}, {5, 1}});
    }
  }
}

TEST_CASE("a run that ends in order blames nobody, one whose rank died that rank's trials") {
  const Journal journal;
  {
    AttemptLog log(journal.path);
    for (int rank : {0, 1}) DepartureLine(journal.path.snapshot, rank);
    log.at_work(std::vector<int>{0, 1}, Ids{1});  // shared
    work(log, journal, 2, {2});
    log.at_work(std::vector<int>{3}, Ids{3});  // on a host that does not see the folder
    SECTION("in order") {
      log.end();
      CHECK(journal.deaths().empty());
    }
    SECTION("rank 2 died, and mpirun ended the others") {
      leave(journal, 0);
      leave(journal, 1);
      CHECK(journal.deaths() == Deaths{{2, 1}});
    }
    SECTION("mpirun ended all of them") {
      for (int rank : {0, 1, 2}) leave(journal, rank);
      CHECK(journal.deaths().empty());
    }
    SECTION("both ranks of one trial: once") {
      leave(journal, 2);
      CHECK(journal.deaths() == Deaths{{1, 1}});
    }
    SECTION("an idle one") {
      leave(journal, 0);
      leave(journal, 1);
      rest(log, 2);
      CHECK(journal.deaths().empty());
    }
    SECTION("one that was stopped and went on, to die later") {
      leave(journal, 2);  // at SIGCONT
      work(log, journal, 2, {4});
      leave(journal, 0);
      leave(journal, 1);
      CHECK(journal.deaths() == Deaths{{4, 1}});
    }
  }
}

TEST_CASE("a rank that cannot write the log does no harm") {
  const TemporaryFolder folder;
  DepartureLine(folder / "no.h5", 1).write_left();
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("whatever stands in the file, it counts what it can") {
  const Journal journal;
  journal.write(
      "deaths 0000000000000001 2\nnonsense\ndeaths x 3\ndeaths 0000000000000002\nat-work 0 000000000000000a zz\n"
      "at-work\nidle\n\ndied\nat-work 1 00000000000000");
  CHECK(journal.deaths() == Deaths{{1, 2}});  // no rank was there
  journal.write("deaths 0000000000000001 999999999999999999999\nat-work 5 0000000000000001 0000000000000002");
  CHECK(journal.deaths().empty());  // the last line was torn
  journal.write("deaths 0000000000000001 2000000000\n");
  CHECK(journal.deaths() == Deaths{{1, 1000000}});

  std::mt19937 random(4);
  for (int round = 0; round < 300; ++round) {
    std::string text = "deaths 0000000000000001 2\nat-work 0 000000000000000a\nidle 0\nat-work 3 000000000000000b\n";
    for (int change = 0; change < 5; ++change) text[random() % text.size()] = static_cast<char>(random() % 256);
    journal.write(text.substr(0, random() % text.size()));
    CHECK_NOTHROW(journal.deaths());
  }
  fs::remove(journal.path.journal / "attempts");
  fs::create_directory(journal.path.journal / "attempts");
  CHECK(journal.deaths().empty());  // nor can anything be written there
}

TEST_CASE("a complete store keeps no log") {
  const Journal journal;
  { AttemptLog log(journal.path); }
  CHECK(fs::exists(journal.path.journal / "attempts"));
  remove_attempts(journal.path);
  CHECK(fs::is_empty(journal.path.journal));
  CHECK_NOTHROW(remove_attempts(journal.path));
}
