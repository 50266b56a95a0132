#include "memscale/store/run_state.hpp"

#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include "catch.hpp"
#include "memscale/store/store_lock.hpp"
#include "temporary_folder.hpp"

namespace memscale {

namespace fs = std::filesystem;

namespace {

/// A state in which no two fields agree.
RunState some_state() {
  RunState state;
  double next = 1;
  for_each_field(state, [&]<class T>(const char* name, T& value) {
    if constexpr (std::is_same_v<T, std::string>)
      value = name;
    else
      value = static_cast<std::int64_t>(next++);
  });
  state.busy = 0.96875;
  state.trials = {{0x9f3a000000000001, 3, 2, 1.7e9, 12.5}, {2, 0, 1, 1.7e9 + 1, 0}};
  return state;
}

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto place = text.find(from);
  REQUIRE(place != std::string::npos);
  return text.replace(place, from.size(), to);
}

struct Place {
  Place() { fs::create_directory(path.journal); }
  TemporaryFolder folder;
  StorePath path = resolve_store_path(folder / "a.h5");
  fs::path file = path.journal / "run-state.json";
};

}  // namespace

TEST_CASE("A run's state reads back as it was written, and leaves no other file") {
  const Place place;
  CHECK_FALSE(read_run_state(place.path));
  RunState state = some_state();
  for (int time = 0; time < 2; ++time) {
    write_run_state(place.path, state);
    CHECK(read_run_state(place.path) == state);
    state.eta_error.reset();
    state.time_limit.reset();
    state.trials.clear();
  }
  CHECK(std::distance(fs::directory_iterator(place.path.journal), fs::directory_iterator()) == 1);
  remove_run_state(place.path);
  CHECK(fs::is_empty(place.path.journal));
  remove_run_state(place.path);
}

TEST_CASE("Of very many running trials the first are kept; what is no number is not known") {
  const Place place;
  RunState state = some_state();
  state.trials.assign(1000, state.trials.front());
  state.eta_seconds = std::numeric_limits<double>::infinity();
  state.job.assign(100000, 'j');
  write_run_state(place.path, state);
  const auto read = read_run_state(place.path);
  REQUIRE(read);
  CHECK(read->trials.size() == most_running_shown);
  CHECK_FALSE(read->eta_seconds);
  CHECK(read->job.size() == 255);
}

TEST_CASE("A file that no run wrote is no state") {
  const Place place;
  write_run_state(place.path, some_state());
  const std::string good = text_of(place.file);
  const auto is_read = [&](const std::string& text) {
    std::ofstream(place.file) << text;
    return read_run_state(place.path).has_value();
  };
  REQUIRE(is_read(good));
  for (std::size_t size = 0; size + 2 < good.size(); size += 7) CHECK_FALSE(is_read(good.substr(0, size)));
  CHECK_FALSE(is_read("[]"));
  CHECK_FALSE(is_read("null"));
  CHECK_FALSE(is_read(std::string(200000, '[')));
  CHECK_FALSE(is_read(good + std::string(70000, ' ')));
  CHECK_FALSE(is_read(replaced(good, "\"pid\"", "\"dip\"")));
  CHECK_FALSE(is_read(replaced(good, "\"job\": \"job\"", "\"job\": 7")));
  CHECK_FALSE(is_read(replaced(good, "0.96875", "\"much\"")));
  CHECK_FALSE(is_read(replaced(good, "0.96875", "1e999")));
  CHECK_FALSE(is_read(replaced(good, "\"rank\": 3", "\"rank\": -3")));
  CHECK_FALSE(is_read(replaced(good, "\"rank\": 3", "\"rank\": 3.5")));
  CHECK_FALSE(is_read(replaced(good, "9f3a000000000001", "9f3a")));
  CHECK_FALSE(is_read(replaced(good, "\"trials\": [", "\"trials\": 5, \"more\": [")));
}

TEST_CASE("A state's texts cannot command a terminal") {
  const Place place;
  RunState state = some_state();
  state.host = "a\033[2Jb\nc";
  state.job = "\xff.cfg";  // not UTF-8
  write_run_state(place.path, state);
  const auto read = read_run_state(place.path);
  REQUIRE(read);
  CHECK(read->host == "a?[2Jb?c");
  CHECK(read->job.ends_with(".cfg"));
}

TEST_CASE("A state that cannot be written disturbs nobody") {
  const Place place;
  fs::create_directories(place.file / "in the way");
  write_run_state(place.path, some_state());
  CHECK_FALSE(read_run_state(place.path));
  remove_run_state(place.path);
  const StorePath nowhere = resolve_store_path(place.folder / "b.h5");
  write_run_state(nowhere, some_state());
  CHECK_FALSE(fs::exists(nowhere.journal));
}

TEST_CASE("A store that is finished with takes the run's state along") {
  const TemporaryFolder folder;
  const StorePath path = resolve_store_path(folder / "a.h5");
  {
    StoreLock lock(path);
    write_run_state(path, some_state());
    std::ofstream(path.journal / "run-state.json.tmp") << "half";
    lock.remove();
    CHECK_FALSE(fs::exists(path.journal));
  }
  {
    const StoreLock lock(path);
    write_run_state(path, some_state());
  }
  CHECK(read_run_state(path));  // a run that ends without a result says so, until one is complete
}

}  // namespace memscale
