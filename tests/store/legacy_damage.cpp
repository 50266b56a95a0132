// Files of earlier formats go through HDF5, which was not made for bytes that somebody chose: nothing that is in them
// may reach the reading process but records or one line of refusal.

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <random>

#include "catch.hpp"
#include "legacy_fixture.hpp"
#include "memscale/store/hdf5_image.hpp"
#include "memscale/store/legacy_snapshot.hpp"

using namespace memscale;

namespace {

std::size_t open_files() {
  return names_in("/proc/self/fd").size();
}

/// Reads the bytes as a snapshot; the refusal, or nothing.
std::string refusal(const std::filesystem::path& path, const std::string& bytes) {
  write_bytes(path, bytes);
  try {
    read_legacy_snapshot(open_file(path, O_RDONLY), path);
    return {};
  } catch (const InputError& error) {
    return error.what();
  }
}

/// `content` with the first value of an integer dataset changed, by HDF5's own means.
template <class Value>
std::string with_value(const TemporaryFolder& folder, const std::string& content, const char* dataset, Value value) {
  const auto path = folder / "changed.h5";
  write_bytes(path, content);
  {
    const Hdf5File file(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), "open");
    const Hdf5Dataset column(H5Dopen2(file, dataset, H5P_DEFAULT), "open");
    const hsize_t first = 0, one = 1;
    const Hdf5Space space(H5Dget_space(column), "size"), single(H5Screate_simple(1, &one, nullptr), "size");
    checked(H5Sselect_hyperslab(space, H5S_SELECT_SET, &first, nullptr, &one, nullptr), "select");
    const hid_t type = sizeof(Value) == 8 ? H5T_NATIVE_INT64 : H5T_NATIVE_INT32;
    checked(H5Dwrite(column, type, single, space, H5P_DEFAULT, &value), "write");
  }
  return file_bytes(path);
}

}  // namespace

TEST_CASE("a value of a store of an earlier format that was changed and sealed again is refused where it can be seen") {
  const TemporaryFolder folder;
  const auto path = folder / "a.h5";
  start_hdf5();
  for (const std::string format : {"1", "2"}) {
    std::string content = unpacked(stored_fixture(format + "/finished.h5.gz"));
    content.resize(content.size() - 24);
    const auto message = [&](const char* dataset, auto value) {
      return refusal(path, legacy_sealed(with_value(folder, content, dataset, value)));
    };
    CHECK(message("trials/capacity", std::int64_t{3}).empty());  // nothing tells
    CHECK(contains(message("trials/seed", std::int64_t{77}), "its parameters have another id"));
    CHECK(contains(message("trials/status_id", std::int32_t{1}), "a code without that name"));
    CHECK(contains(message("trials/optimizer_id", std::int32_t{99}), "a code without that name"));
    CHECK_FALSE(message("trials/steps_done", std::int64_t{4}).empty());
    CHECK_FALSE(message("trials/steps_done", std::int64_t{-1}).empty());
    CHECK_FALSE(message("trials/steps_done", std::int64_t{1} << 60).empty());
    CHECK_FALSE(message("trials/items", std::int64_t{-5}).empty());
  }
}

TEST_CASE("a store of an earlier format with any byte changed is refused") {
  const TemporaryFolder folder;
  const auto path = folder / "a.h5";
  std::string bytes = unpacked(stored_fixture("1/empty.h5.gz"));
  REQUIRE(refusal(path, bytes).empty());
  const auto check = [&](std::size_t at, int bit) {
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
    const std::string message = refusal(path, bytes);
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
    if (message.empty() || contains(message, "\n")) FAIL("byte " << at << ": '" << message << "'");
  };
  // One checksum covers them all: of the zeros that fill the file up, a sample will do.
  for (std::size_t at = 0; at + 24 < bytes.size(); ++at)
    if (bytes[at] != 0 || at % 64 == 0) check(at, static_cast<int>(at % 8));
  for (std::size_t at = bytes.size() - 24; at < bytes.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) check(at, bit);
  for (std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{23}, std::size_t{24}, bytes.size() - 1})
    CHECK_FALSE(refusal(path, bytes.substr(0, size)).empty());
  CHECK_FALSE(refusal(path, bytes + '\0').empty());
}

TEST_CASE("bytes of an earlier format that were changed and sealed again never harm their reader") {
  const TemporaryFolder folder;
  const auto path = folder / "a.h5";
  const std::size_t files = open_files();
  std::mt19937_64 random(12);
  const auto below = [&](std::size_t end) { return static_cast<std::size_t>(random() % end); };
#ifdef MEMSCALE_SANITIZE
  constexpr int mutants = 60;
#else
  constexpr int mutants = 200;
#endif
  for (const std::string format : {"1", "2"}) {
    std::string content = unpacked(stored_fixture(format + "/finished.h5.gz"));
    content.resize(content.size() - 24);
    REQUIRE(refusal(path, legacy_sealed(content)).empty());
    // Most bytes of the file are unused room of HDF5's: mutants aim at those that say something.
    std::vector<std::size_t> used;
    for (std::size_t at = 0; at < content.size(); ++at)
      if (content[at] != 0) used.push_back(at);
    int refused = 0;
    for (int i = 0; i < mutants; ++i) {
      std::string mutant = content;
      for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
        const std::size_t at = std::min(used[below(used.size())] + below(4), mutant.size() - 1);
        switch (below(4)) {
          case 0:
            mutant[at] = static_cast<char>(random());
            break;
          case 1:
            mutant[at] = static_cast<char>(mutant[at] ^ (1 << below(8)));
            break;
          case 2:
            mutant[at] = static_cast<char>(0xFF);
            break;
          default:
            mutant.replace(at, std::min<std::size_t>(8, mutant.size() - at), 8, '\xFF');
            mutant.resize(content.size());
        }
      }
      if (i % 20 == 0) mutant.resize(1 + below(mutant.size()));
      const std::string message = refusal(path, legacy_sealed(mutant));
      refused += !message.empty();
      if (contains(message, "\n")) FAIL("mutant " << i << ": '" << message << "'");
    }
    CHECK(refused > mutants / 4);
  }
  CHECK(open_files() == files);
  // No child is left, dead or alive.
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
  CHECK(errno == ECHILD);
}

TEST_CASE("a store of a format and physics version that never went together is refused") {
  const TemporaryFolder folder;
  const auto path = folder / "a.h5";
  std::string content = unpacked(stored_fixture("1/empty.h5.gz"));
  content.resize(content.size() - 24);
  // The attribute's value follows its name, its type and its shape.
  const std::size_t name = content.find(std::string("physics\0", 8));
  REQUIRE(name != std::string::npos);
  bool found = false;
  for (std::size_t at = name; at < name + 96 && !found; ++at) {
    std::string mutant = content;
    if (mutant.compare(at, 8, std::string("\x01\0\0\0\0\0\0\0", 8)) != 0) continue;
    mutant[at] = 2;
    found = contains(refusal(path, legacy_sealed(mutant)), "with results of physics version 2, which no version");
  }
  CHECK(found);
}
