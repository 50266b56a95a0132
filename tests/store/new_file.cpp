#include "memscale/store/new_file.hpp"

#include <span>
#include <system_error>

#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "store_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

void write_text(const NewFile& file, const std::string& text) {
  write_all(file.file(), std::as_bytes(std::span(text)), file.temporary());
}

}  // namespace

TEST_CASE("a new file appears whole, or not at all") {
  const TemporaryFolder folder;
  {
    const NewFile file("output", folder / "a.csv");
    write_text(file, "half");
    CHECK_FALSE(fs::exists(folder / "a.csv"));
  }
  CHECK(names_in(folder.path()).empty());
  NewFile file("output", folder / "a.csv");
  write_text(file, "whole");
  file.publish();
  CHECK(file_bytes(folder / "a.csv") == "whole");
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.csv"});
}

TEST_CASE("a new file takes no other's place") {
  const TemporaryFolder folder;
  write_bytes(folder / "mine", "mine");
  fs::create_symlink(folder / "nowhere", folder / "link");
  const auto refusal = [&](const std::string& name) {
    return message_of<InputError>([&] { NewFile("output", folder / name); });
  };
  CHECK(contains(refusal("mine"), "exists: not overwritten"));
  CHECK(contains(refusal("link"), "exists: not overwritten"));
  CHECK(contains(refusal("none/a"), "its folder does not exist"));
  CHECK(contains(refusal("."), "must be the name of a file"));

  // One that appears in the meantime stays.
  {
    NewFile file("output", folder / "late");
    write_text(file, "ours");
    write_bytes(folder / "late", "mine");
    CHECK_THROWS_AS(file.publish(), std::system_error);
  }
  CHECK(file_bytes(folder / "late") == "mine");

  // What stands under the temporary name, as of a killed process with the same number, is passed over.
  fs::path temporary;
  {
    const NewFile file("output", folder / "a");
    temporary = file.temporary();
  }
  fs::create_symlink(folder / "mine", temporary);
  {
    NewFile file("output", folder / "a");
    CHECK(file.temporary() != temporary);
    write_text(file, "ours");
    file.publish();
  }
  CHECK(file_bytes(folder / "a") == "ours");
  CHECK(file_bytes(folder / "mine") == "mine");
  CHECK(fs::is_symlink(temporary));

  // But not without end.
  for (std::int64_t i = 1; i < temporary_names; ++i) write_bytes(temporary_name(folder / "a", i), "");
  fs::remove(folder / "a");
  CHECK_THROWS_AS(NewFile("output", folder / "a"), std::system_error);
}
