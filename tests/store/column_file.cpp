#include "memscale/store/column_file.hpp"

#include <hdf5.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include "catch.hpp"
#include "memscale/store/hdf5_image.hpp"
#include "temporary_folder.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Hdf5File open(const fs::path& path) {
  const std::string bytes = content(path);
  const auto* first = reinterpret_cast<const std::byte*>(bytes.data());
  return open_image({first, first + bytes.size()});
}

std::vector<DataTable> tables() {
  return {{"fits/one",
           {{"law", "K ~ d^C"}},
           {{"value", std::vector<double>{1.5, std::numeric_limits<double>::quiet_NaN()}},
            {"points", std::vector<std::int64_t>{4, -1}},
            {"method", std::vector<std::string>{"gd", "muon \xce\xb1"}}}},
          {"fits/two", {}, {{"value", std::vector<double>{}}, {"name", std::vector<std::string>{}}}},
          {"cells", {}, {{"d", std::vector<std::int64_t>{64}}}}};
}

}  // namespace

TEST_CASE("a file of columns can be read back: groups, attributes, numbers and texts") {
  const TemporaryFolder folder;
  write_column_file(folder / "fits.h5", {{"program", "memscale-fit"}}, tables());
  const Hdf5File file = open(folder / "fits.h5");
  CHECK(read_text_attribute(file, "program", 100) == "memscale-fit");
  const Hdf5Group one = open_group(file, "fits/one");
  CHECK(read_text_attribute(one, "law", 100) == "K ~ d^C");
  ::memscale::Column value{"value", std::vector<double>()}, points{"points", std::vector<std::int64_t>()};
  read_column(one, value, 2, 0);
  read_column(one, points, 2, 0);
  CHECK(std::get<std::vector<double>>(value.values).at(0) == 1.5);
  CHECK(std::isnan(std::get<std::vector<double>>(value.values).at(1)));
  CHECK(std::get<std::vector<std::int64_t>>(points.values) == std::vector<std::int64_t>{4, -1});
  CHECK(read_texts(one, "method", 2, 100) == std::vector<std::string>{"gd", "muon \xce\xb1"});
  CHECK(count_rows(open_group(file, "fits/two"), "name") == 0);
  CHECK(count_rows(open_group(file, "cells"), "d") == 1);
}

TEST_CASE("the same columns make the same bytes") {
  const TemporaryFolder folder;
  write_column_file(folder / "a.h5", {}, tables());
  write_column_file(folder / "b.h5", {}, tables());
  CHECK(content(folder / "a.h5") == content(folder / "b.h5"));
}

TEST_CASE("a file that is there stays as it is") {
  const TemporaryFolder folder;
  std::ofstream(folder / "fits.h5") << "my own";
  CHECK_THROWS_AS(write_column_file(folder / "fits.h5", {}, tables()), Hdf5Error);
  CHECK(content(folder / "fits.h5") == "my own");
  CHECK_THROWS_AS(write_column_file(folder / "none" / "fits.h5", {}, tables()), Hdf5Error);
}
