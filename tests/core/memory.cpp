#include "memscale/core/memory.hpp"

#include <algorithm>
#include <fstream>
#include <vector>

#include "catch.hpp"
#include "temporary_folder.hpp"

namespace memscale {

namespace {

/// A machine of 64 GB with 48 GB available.
struct Machine {
  Machine() { add("proc/meminfo", "MemTotal:       62500000 kB\nMemFree: 7 kB\nMemAvailable:   46875000 kB\n"); }
  void add(const std::string& file, const std::string& text) const {
    const auto path = folder / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  Memory read() const { return read_memory(folder.path()); }
  TemporaryFolder folder;
};

constexpr std::int64_t GB = 1'000'000'000;

}  // namespace

TEST_CASE("Without control groups, memory is the machine's") {
  const Machine machine;
  CHECK(machine.read().total == 64 * GB);
  CHECK(machine.read().available == 48 * GB);
  machine.add("proc/self/cgroup", "0::/\n");
  CHECK(machine.read().total == 64 * GB);
}

TEST_CASE("A control group of version 2 limits memory, also one further up; its file cache counts as available") {
  const Machine machine;
  machine.add("proc/self/cgroup", "0::/slice/job/step\n");
  machine.add("sys/fs/cgroup/slice/job/step/memory.max", "max\n");
  machine.add("sys/fs/cgroup/slice/job/memory.max", "16000000000\n");
  machine.add("sys/fs/cgroup/slice/job/memory.current", "10000000000\n");
  machine.add("sys/fs/cgroup/slice/job/memory.stat", "anon 5\nfile 6\ninactive_file 4000000000\n");
  CHECK(machine.read().total == 16 * GB);
  CHECK(machine.read().available == 10 * GB);
  machine.add("sys/fs/cgroup/memory.max", "8000000000\n");
  CHECK(machine.read().total == 8 * GB);
  CHECK(machine.read().available == 8 * GB);
}

TEST_CASE("A control group of version 1 limits memory, and no limit is none") {
  const Machine machine;
  machine.add("proc/self/cgroup", "12:pids:/a\n7:cpu,memory:/hidden/box\n1:name=systemd:/a\nnonsense\n");
  machine.add("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  CHECK(machine.read().total == 64 * GB);
  CHECK(machine.read().available == 48 * GB);
  machine.add("sys/fs/cgroup/memory/box/memory.limit_in_bytes", "1000000000\n");  // not of this process
  CHECK(machine.read().total == 64 * GB);
  machine.add("sys/fs/cgroup/memory/memory.limit_in_bytes", "2000000000\n");
  machine.add("sys/fs/cgroup/memory/memory.usage_in_bytes", "3000000000\n");
  CHECK(machine.read().total == 2 * GB);
  CHECK(machine.read().available == 0);
}

TEST_CASE("A system that does not tell its memory has no limit; this one tells") {
  const TemporaryFolder empty;
  CHECK(read_memory(empty.path()).total == std::int64_t{1} << 62);
  const Memory memory = read_memory();
  CHECK(memory.total > 0);
  CHECK(memory.available <= memory.total);
}

TEST_CASE("Huge pages are a hint: memory of any size and alignment serves as before") {
  for (std::size_t bytes : {0, 1, 4096, 3 << 20, 9 << 20}) {
    std::vector<char> memory(bytes + 7);
    prefer_huge_pages(memory.data() + 7, bytes);
    std::fill(memory.begin(), memory.end(), 'x');
    CHECK(std::count(memory.begin(), memory.end(), 'x') == static_cast<std::ptrdiff_t>(memory.size()));
  }
}

TEST_CASE("The high-water mark of memory follows what is used, and begins anew") {
  constexpr std::int64_t size = std::int64_t{256} << 20;
  reset_peak_memory();
  const std::int64_t before = peak_memory();
  CHECK(before > 0);
  const auto use = [](std::int64_t bytes) { return std::vector<char>(static_cast<std::size_t>(bytes), 'x').back(); };
  REQUIRE(use(size) == 'x');
  const std::int64_t used = peak_memory();
  CHECK(used >= before + size * 9 / 10);
  CHECK(peak_memory() == used);
  reset_peak_memory();
  CHECK(peak_memory() <= used - size * 9 / 10);
  REQUIRE(use(size / 2) == 'x');
  CHECK(peak_memory() >= before + size * 4 / 10);
  CHECK(peak_memory() <= used - size * 4 / 10);
}

}  // namespace memscale
