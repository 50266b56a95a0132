#include "memscale/analysis/gnuplot.hpp"

#include <fstream>

#include "catch.hpp"
#include "memscale/analysis/gnuplot_script.hpp"
#include "temporary_folder.hpp"

using namespace memscale;

TEST_CASE("a program that does not exist is told apart from one that fails") {
  const TemporaryFolder folder;
  CHECK_FALSE(run_program({"/nonexistent/gnuplot"}, folder.path()).found);
  const ProcessEnd failed = run_program({"ls", "/nonexistent"}, folder.path());
  CHECK(failed.found);
  CHECK(failed.status != 0);
  CHECK_FALSE(failed.message.empty());
  CHECK(run_program({"true"}, folder.path()).status == 0);
}

TEST_CASE("a program runs in the folder, its arguments are passed as they are") {
  const TemporaryFolder folder;
  const std::string hostile = "$(touch shell) `touch shell`; touch shell";
  CHECK(run_program({"touch", hostile.substr(0, 15)}, folder.path()).status == 0);
  CHECK(std::filesystem::exists(folder.path() / hostile.substr(0, 15)));
  CHECK(run_program({"echo", hostile}, folder.path()).message == hostile);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "shell"));
}

TEST_CASE("quoted text is a gnuplot string and nothing else") {
  CHECK(gnuplot_quoted("muon") == "'muon'");
  CHECK(gnuplot_quoted("it's `x`") == "'it''s `x`'");
  CHECK(gnuplot_quoted("two\nlines") == "'two'.\"\\n\".'lines'");
  CHECK(gnuplot_quoted("a\x01z") == "'a z'");
}

TEST_CASE("gnuplot reads quoted text as it was") {
  const TemporaryFolder folder;
  if (!run_program({"gnuplot", "--version"}, folder.path()).found) return;
  const std::string text = "it's `touch shell` \"x\" \\n $(touch shell)";
  std::ofstream(folder.path() / "a.gp") << "set print '-'\nprint " << gnuplot_quoted(text) << "\n";
  CHECK(run_program({"gnuplot", "a.gp"}, folder.path()).message == text);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "shell"));
}

TEST_CASE("labels on a logarithmic axis never touch; doublings are preferred") {
  CHECK(gnuplot_log_tics({64, 128, 256, 512}, 50, 640, 250) == "(64, 128, 256, 512)");
  CHECK(gnuplot_log_tics({64, 96, 128, 192, 256, 384, 512}, 50, 640, 250) == "(64, 128, 256, 512)");
  CHECK(gnuplot_log_tics({64}, 50, 80, 250) == "(64)");
  CHECK(gnuplot_log_tics({100, 101, 102, 200}, 80, 250, 250) == "(100, 200)");
}

TEST_CASE("ticks of decades") {
  CHECK(decade_tics(3, 60) == std::vector<double>{5, 10, 20, 50});
  CHECK(decade_tics(0.5, 20000) == std::vector<double>{1, 10, 100, 1000, 10000});
}

TEST_CASE("a tint keeps a share of its colour, the rest is white") {
  CHECK(gnuplot_tint(0, 1) == "lc rgb '#0072b2'");
  CHECK(gnuplot_tint(0, 0) == "lc rgb '#ffffff'");
  CHECK(gnuplot_tint(0, 0.5) == "lc rgb '#80b9d9'");
}
