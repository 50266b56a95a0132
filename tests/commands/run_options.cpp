#include "memscale/commands/run_options.hpp"

#include "catch.hpp"
#include "memscale/core/error.hpp"

using namespace memscale;
using Words = std::vector<std::string>;

TEST_CASE("job, store and the job's flags are told apart in any order") {
  const std::vector<Words> orders{{"fig2.cfg", "-o", "out.h5", "--grid.d", "64,128", "--problem.items=50"},
                                  {"--grid.d", "64,128", "fig2.cfg", "--problem.items=50", "-o", "out.h5"},
                                  {"--output=out.h5", "--grid.d", "64,128", "--problem.items=50", "fig2.cfg"}};
  for (const Words& words : orders) {
    const RunOptions options = parse_run_options(words);
    CHECK(options.job == "fig2.cfg");
    CHECK(options.store == "out.h5");
    CHECK(options.job_flags == Words{"--grid.d", "64,128", "--problem.items=50"});
    CHECK_FALSE(options.help);
    CHECK(options.threads == 1);
    CHECK_FALSE(options.force);
  }
}

TEST_CASE("force may stand anywhere and takes no value") {
  for (const Words& words :
       std::vector<Words>{{"--force", "a.cfg", "-o", "b.h5"}, {"a.cfg", "-o", "b.h5", "--force"}}) {
    const RunOptions options = parse_run_options(words);
    CHECK(options.force);
    CHECK(options.job == "a.cfg");
  }
  CHECK_THROWS_AS(parse_run_options({"a.cfg", "-o", "b.h5", "--force=yes"}), InputError);
}

TEST_CASE("threads are a number or all cores, and every rank reads the same") {
  const auto threads = [](const char* text) { return Words{"a.cfg", "-o", "b.h5", "--threads", text}; };
  CHECK(parse_run_options(threads("3")).threads == 3);
  CHECK(parse_run_options(threads("auto")).threads >= 1);
  CHECK(threads_of(threads("3")) == 3);
  for (const char* text : {"0", "-1", "1025", "2.5", "two", "", "3x"}) {
    CHECK_THROWS_AS(parse_run_options(threads(text)), InputError);
    CHECK(threads_of(threads(text)) == 1);  // rank 0 alone tells what is wrong
  }
}

TEST_CASE("a dot in a file name is no job flag") {
  const RunOptions options = parse_run_options({"my.job.cfg", "--output", "a.b.h5"});
  CHECK(options.store == "a.b.h5");
  CHECK(options.job_flags.empty());
}

TEST_CASE("the command line is kept") {
  CHECK(parse_run_options({"a.cfg", "-o", "b.h5"}).command_line == "memscale run a.cfg -o b.h5");
}

TEST_CASE("help needs nothing else") {
  CHECK(parse_run_options({"--help"}).help);
}

TEST_CASE("what cannot be read is refused") {
  for (const Words& words : std::vector<Words>{{},
                                               {"a.cfg"},
                                               {"-o", "b.h5"},
                                               {"a.cfg", "-o"},
                                               {"a.cfg", "-o", ""},
                                               {"a.cfg", "b.cfg", "-o", "b.h5"},
                                               {"a.cfg", "-o", "b.h5", "--bogus"},
                                               {"a.cfg", "-o", "b.h5", "--out", "c.h5"},
                                               {"a.cfg", "-o", "b.h5", "-o", "c.h5"},
                                               {"a.cfg", "-o", "b.h5", "--grid.d"},
                                               {"a.cfg", "--grid.d", "-o", "b.h5", "--grid.alpha", "--grid.d=3"}})
    CHECK_THROWS_AS(parse_run_options(words), InputError);
}
