#include "memscale/store/sealed_file.hpp"

#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "snapshot_fixture.hpp"

using namespace memscale;
namespace fs = std::filesystem;

namespace {

std::vector<std::byte> some_content(std::size_t size) {
  std::vector<std::byte> bytes;
  for (char c : std::string("\x89HDF\r\n\x1a\n")) bytes.push_back(static_cast<std::byte>(c));
  while (bytes.size() < size) bytes.push_back(static_cast<std::byte>(bytes.size() * 7));
  return bytes;
}

Seal seal_of(const fs::path& path) {
  return read_seal(open_file(path, O_RDONLY), path);
}

std::string refusal(const fs::path& path) {
  return message_of<InputError>([&] { check_seal(open_file(path, O_RDONLY), path); });
}

void append(const fs::path& path, const ByteWriter& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::app)
      .write(reinterpret_cast<const char*>(bytes.bytes().data()), static_cast<std::streamsize>(bytes.bytes().size()));
}

}  // namespace

TEST_CASE("a sealed file holds content, catalog and a seal of 40 bytes, and nothing is left beside it") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  const std::vector<std::byte> content = some_content(3'000'000), catalog(1000, std::byte{5});
  for (int round = 0; round < 2; ++round) {  // new, then in another's place
    SealedDraft(path, content, catalog).put_in_place();
    const Seal seal = check_seal(open_file(path, O_RDONLY), path);
    CHECK(seal.format == store_format_version);
    CHECK(seal.size == 3'001'000);
    CHECK(seal.catalog == 3'000'000);
    CHECK(fs::file_size(path) == 3'001'040);
    const std::vector<std::byte> bytes = bytes_of_file(path);
    CHECK(std::equal(content.begin(), content.end(), bytes.begin()));
    CHECK(std::equal(catalog.begin(), catalog.end(), bytes.begin() + 3'000'000));
  }
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
  put_sealed(folder / "b.h5", content, catalog);
  CHECK(file_bytes(folder / "b.h5") == file_bytes(path));
}

TEST_CASE("a file that cannot be written leaves the old one, and no temporary one") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  fs::create_directory(path);  // rename cannot replace a folder by a file
  CHECK_THROWS_AS(SealedDraft(path, some_content(100), {}).put_in_place(), std::system_error);
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5"});
}

TEST_CASE("seals of other formats are told apart") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  SECTION("a later one") {
    put_sealed(path, some_content(100), {}, 9);
    CHECK(seal_of(path).format == 9);
    CHECK(contains(refusal(path), "format 9"));
  }
  SECTION("an earlier one behind this format's seal") {
    put_sealed(path, some_content(100), {}, 2);
    CHECK(contains(message_of<InputError>([&] { seal_of(path); }), "damaged"));
  }
  SECTION("an earlier one with a catalog") {
    put_sealed(path, some_content(100), {}, 3);
    CHECK(seal_of(path).format == 3);
    CHECK(refusal(path) == "nothing thrown");
  }
  SECTION("formats 1 and 2") {
    put_sealed(path, some_content(100), {});
    fs::resize_file(path, 100);
    ByteWriter seal;
    seal.put(std::uint64_t{0x454C4143'534D454D});  // "MEMSCALE"
    seal.put(std::uint64_t{100});
    seal.put(std::uint64_t{0});
    append(path, seal);
    CHECK(seal_of(path).format == 2);
    CHECK(seal_of(path).size == 100);
    CHECK(contains(refusal(path), "format 2"));
  }
}

TEST_CASE("what is not a memscale store, or not a whole one, is refused") {
  const TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  for (const std::string& text : std::vector<std::string>{"", "x", std::string(1000, 'x'), std::string(31, '\0')}) {
    rewrite(path, text);
    CHECK(contains(refusal(path), "is not a memscale store"));
  }
  put_sealed(path, some_content(500), std::vector<std::byte>(50));
  const std::string whole = file_bytes(path);
  REQUIRE(refusal(path) == "nothing thrown");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    rewrite(path, whole.substr(0, size));
    REQUIRE(contains(refusal(path), "is not a memscale store"));
  }
  rewrite(path, whole + '\0');
  CHECK(contains(refusal(path), "is not a memscale store"));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
    rewrite(path, changed);
    REQUIRE(refusal(path) != "nothing thrown");
  }
}

TEST_CASE("only leftovers of the store itself are removed") {
  const TemporaryFolder folder;
  for (const char* name : {"a.h5", "a.h5.tmp-12", "a.h5.tmp-12-1", "b.h5.tmp-12", "xa.h5.tmp-12"})
    write_bytes(folder / name, "x");
  remove_leftovers(folder / "a.h5");
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5", "b.h5.tmp-12", "xa.h5.tmp-12"});
}
