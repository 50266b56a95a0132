#include "memscale/analysis/write_fit.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include "analysis/planted.hpp"
#include "catch.hpp"
#include "memscale/analysis/gnuplot.hpp"
#include "memscale/core/error.hpp"
#include "temporary_folder.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

const FitSource source{{{"<b>fig2</b>.h5", "0.1.0", "[grid]\n# <script>alert(1)</script> &amp;\n",
                         "memscale run \"fig2.cfg\" -o fig2.h5"}}};

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Printed {
  std::string out, warnings;
};

Printed write(const std::vector<Record>& records, const fs::path& folder, const std::string& gnuplot = "gnuplot") {
  std::ostringstream out, warnings;
  FitOutput output;
  output.folder = folder;
  output.gnuplot = gnuplot;
  write_fit(analyse(records, source), output, out, warnings);
  return {out.str(), warnings.str()};
}

bool has_gnuplot() {
  return run_program({"gnuplot", "--version"}, "/").found;
}

/// Whether each tag that opens is closed in order; void elements must close themselves (XML).
bool is_balanced(const std::string& page) {
  std::vector<std::string> open;
  for (std::size_t at = 0; (at = page.find('<', at)) != std::string::npos;) {
    const std::size_t end = page.find('>', at);
    if (end == std::string::npos) return false;
    const std::string tag = page.substr(at + 1, end - at - 1);
    at = end + 1;
    if (tag.starts_with("!") || tag.ends_with("/")) continue;
    const std::string name = tag.substr(tag.starts_with("/"), tag.find_first_of(" \n\t") - tag.starts_with("/"));
    if (!tag.starts_with("/")) {
      open.push_back(name);
    } else {
      if (open.empty() || open.back() != name) return false;
      open.pop_back();
    }
  }
  return open.empty();
}

std::vector<std::string> ids(const std::string& page) {
  std::vector<std::string> found;
  for (std::size_t at = 0; (at = page.find(" id=", at)) != std::string::npos;) {
    at += 5;
    found.push_back(page.substr(at, page.find(page[at - 1], at) - at));
  }
  return found;
}

}  // namespace

TEST_CASE("without gnuplot the tables come, and one line says what is missing") {
  const TemporaryFolder folder;
  const fs::path target = folder.path() / "deep" / "fit";
  const Printed printed = write(planted({.noise = 0.1}), target, "/nonexistent/gnuplot");
  CHECK(printed.warnings == "memscale-fit: /nonexistent/gnuplot cannot be run, so there are no figures\n");
  CHECK(printed.out.find("C = c1 + c2 / alpha") != std::string::npos);
  for (const char* name : {"cells.csv", "fits.csv", "local_slopes.csv", "fit.json", "report.html", "capacity.gp",
                           "capacity.dat", "exponents.gp", "exponents.dat"})
    CHECK(fs::exists(target / name));
  CHECK_FALSE(fs::exists(target / "capacity.svg"));
  CHECK(is_balanced(content(target / "report.html")));
}

TEST_CASE("a gnuplot that fails leaves no picture and says so in one line") {
  const TemporaryFolder folder;
  write(planted({.noise = 0.1}), folder.path(), "/nonexistent/gnuplot");
  std::ofstream(folder.path() / "capacity.svg") << "an earlier fit's";
  const Printed printed = write(planted({.noise = 0.1}), folder.path(), "false");
  CHECK(printed.warnings == "memscale-fit: false failed on capacity.svg\n");
  CHECK_FALSE(fs::exists(folder.path() / "capacity.svg"));
}

TEST_CASE("the report is well formed, stands alone, and escapes what the store says") {
  const TemporaryFolder folder;
  std::mt19937_64 engine(1);
  std::vector<Record> records;
  plant({.optimizer = OptimizerKind::gd, .c1 = 0, .factor = 50, .noise = 0.1}, engine, records);
  plant({.noise = 0.1}, engine, records);
  records[0].cost.blas_kernel = "<i>Haswell</i>";
  const Printed printed = write(records, folder.path());
  const std::string page = content(folder.path() / "report.html");
  CHECK(is_balanced(page));
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;") != std::string::npos);
  CHECK(page.find("<b>fig2") == std::string::npos);
  CHECK(page.find("&lt;i&gt;Haswell") != std::string::npos);
  for (const char* outside : {"src=", "<link", "@import", "url(http"}) CHECK(page.find(outside) == std::string::npos);
  std::vector<std::string> all = ids(page);
  std::sort(all.begin(), all.end());
  CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
  if (!has_gnuplot()) return;
  CHECK(printed.warnings.empty());
  CHECK(all.size() > 10);  // both figures are in
  CHECK(content(folder.path() / "capacity.svg").find("<svg") != std::string::npos);
  CHECK(content(folder.path() / "exponents.pdf").starts_with("%PDF"));
}

TEST_CASE("no temporary file is left, and a second fit replaces the first") {
  const TemporaryFolder folder;
  write(planted({.noise = 0.1}), folder.path());
  write(planted({.d = {64}, .alpha = {1.5}}), folder.path());
  for (const auto& entry : fs::directory_iterator(folder.path()))
    CHECK_FALSE(entry.path().filename().string().starts_with("."));
  CHECK_FALSE(fs::exists(folder.path() / "exponents.svg"));  // one d: no exponent, no figure of them
  CHECK_FALSE(fs::exists(folder.path() / "exponents.gp"));
  CHECK(content(folder.path() / "report.html").find("No exponent could be fitted") != std::string::npos);
}

TEST_CASE("what no fit has made is not replaced, nor is anything written beside it") {
  const TemporaryFolder folder;
  const std::vector<Record> records = planted({.noise = 0.1});
  for (const char* name : {"report.html", "fit.json", "fits.csv", "fits.h5", "exponents.dat"}) {
    std::ofstream(folder.path() / name) << "my own";
    CHECK_THROWS_AS(write(records, folder.path()), InputError);
    CHECK(content(folder.path() / name) == "my own");
    CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
    fs::remove(folder.path() / name);
  }
  std::ofstream(folder.path() / "notes.txt") << "my own";
  write(records, folder.path());
  fs::remove(folder.path() / "report.html");
  std::ofstream(folder / "elsewhere") << "my own";
  fs::create_symlink("elsewhere", folder / "report.html");
  write(records, folder.path());
  CHECK(content(folder / "notes.txt") == "my own");
  CHECK(content(folder / "elsewhere") == "my own");
  CHECK(is_balanced(content(folder / "report.html")));
}

TEST_CASE("the same records make the same files") {
  const TemporaryFolder folder;
  const std::vector<Record> records = planted({.noise = 0.1});
  write(records, folder.path() / "a");
  write(records, folder.path() / "b");
  for (const char* name : {"cells.csv", "fits.csv", "local_slopes.csv", "fit.json", "report.html"})
    CHECK(content(folder.path() / "a" / name) == content(folder.path() / "b" / name));
}

TEST_CASE("degenerate stores make figures that gnuplot can draw, or none") {
  const TemporaryFolder folder;
  std::vector<Record> records;
  SECTION("one d") {
    records = planted({.d = {64}});
  }
  SECTION("one alpha, one seed") {
    records = planted({.seeds = 1, .alpha = {1.5}});
  }
  SECTION("one cell") {
    records = planted({.seeds = 1, .d = {64}, .alpha = {1.5}});
  }
  SECTION("all capacities 0") {
    records = planted({});
    for (Record& record : records) record.result.capacity = 0;
  }
  SECTION("one method is all 0") {
    records = planted({});
    for (const Record& record : planted({.optimizer = OptimizerKind::gd})) {
      records.push_back(record);
      records.back().result.capacity = 0;
    }
  }
  SECTION("three optimizers on eight batches, many steps") {
    for (OptimizerKind optimizer : {OptimizerKind::gd, OptimizerKind::muon, OptimizerKind::ngd})
      for (double batch : {64.0, 256.0, 1024.0, 4096.0, 16384.0, 65536.0, 1e6, std::numeric_limits<double>::infinity()})
        for (Record record : planted({.optimizer = optimizer, .seeds = 2, .d = {64, 128}, .alpha = {1.5, 2}})) {
          record.trial.batch = batch;
          record.trial.steps = record.result.steps_done = 2;
          record.trace.capacity = {1, static_cast<double>(record.result.capacity)};
          records.push_back(record);
        }
  }
  SECTION("more methods than figures show") {
    for (int kappa = 0; kappa < 30; ++kappa)
      for (Record record : planted({.seeds = 1, .d = {64, 128}, .alpha = {1.5}})) {
        record.trial.kappa = kappa;
        records.push_back(record);
      }
  }
  const Printed printed = write(records, folder.path());
  if (has_gnuplot()) CHECK(printed.warnings.empty());
  CHECK(printed.out.find("nan") == std::string::npos);
  CHECK(is_balanced(content(folder.path() / "report.html")));
}

TEST_CASE("no finished trial, or a folder that is a file, is bad input") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(write({}, folder.path()), InputError);
  std::vector<Record> failed = planted({});
  for (Record& record : failed) record.result.status = TrialStatus::failed;
  CHECK_THROWS_AS(write(failed, folder.path() / "none"), InputError);
  CHECK_FALSE(fs::exists(folder.path() / "none"));
  std::ofstream(folder.path() / "file") << "x";
  CHECK_THROWS_AS(write(planted({}), folder.path() / "file"), InputError);
  CHECK_THROWS_AS(write(planted({}), folder.path() / "file" / "below"), InputError);
}

TEST_CASE("without figures nothing is drawn, and an earlier fit's pictures go") {
  const TemporaryFolder folder;
  const Analysis analysis = analyse(planted({.noise = 0.1}), source);
  write(planted({.noise = 0.1}), folder.path(), "/nonexistent/gnuplot");
  CHECK(fs::exists(folder / "capacity.gp"));
  std::ostringstream out, warnings;
  FitOutput output;
  output.folder = folder.path();
  output.draws = false;
  output.gnuplot = "/nonexistent/gnuplot";
  write_fit(analysis, output, out, warnings);
  CHECK(warnings.str().empty());
  CHECK_FALSE(fs::exists(folder / "capacity.gp"));
  CHECK(is_balanced(content(folder / "report.html")));
}

TEST_CASE("fits.h5 is made under a hidden name, and goes where a later fit makes none") {
  const TemporaryFolder folder;
  FitOutput output;
  output.folder = folder.path();
  output.draws = false;
  std::vector<std::string> names;
  output.write_columns = [&](const fs::path& path, const std::vector<DataTable>& tables) {
    CHECK(path.parent_path().filename().string().starts_with("."));
    for (const DataTable& table : tables) names.push_back(table.name);
    std::ofstream(path) << "columns";
  };
  std::ostringstream out, warnings;
  write_fit(analyse(planted({.noise = 0.1}), source), output, out, warnings);
  CHECK(content(folder / "fits.h5") == "columns");
  CHECK(std::find(names.begin(), names.end(), "fits/capacity-d") != names.end());
  output.write_columns = nullptr;
  write_fit(analyse(planted({.noise = 0.1}), source), output, out, warnings);
  CHECK_FALSE(fs::exists(folder / "fits.h5"));
}
