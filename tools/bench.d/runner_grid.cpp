#include "runner_grid.hpp"

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "programs.hpp"
#include "samples.hpp"

namespace memscale::bench {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t trials_a_seed = 2 * 6 * 2;
constexpr const char* job =
    "[grid]\n"
    "d = 64, 128\n"
    "alpha = 1.25:0.25:2.5\n"
    "optimizer = gd, muon\n"
    "seed = 1\n"
    "[problem]\n"
    "items = 20000\n";

class Grid {
 public:
  explicit Grid(const Folder& folder) : folder_(folder) { write_text(folder / "grid.cfg", job); }

  /// So many seeds that one rank takes about `seconds`.
  void choose_seeds(double seconds) {
    const double some = run(0);
    seeds_ = std::max<std::int64_t>(seeds_, std::llround(static_cast<double>(seeds_) * seconds / some));
  }
  std::int64_t trials() const { return seeds_ * trials_a_seed; }

  /// Seconds of a run on so many ranks (0: without mpirun), to a store that is not kept.
  double run(int ranks) {
    const double seconds = seconds_of([&] { start(ranks, "a").finish(); });
    remove("a");
    return seconds;
  }
  /// Of two runs at once, one rank each.
  double run_pair() {
    const double seconds = seconds_of([&] {
      QuietRun a = start(0, "a"), b = start(0, "b");
      a.finish();
      b.finish();
    });
    remove("a");
    remove("b");
    return seconds;
  }
  /// Of a run on so many ranks with nothing left to run.
  double run_idle(int ranks) {
    start(0, "a").finish();
    const double seconds = seconds_of([&] { start(ranks, "a").finish(); });
    remove("a");
    return seconds;
  }

 private:
  QuietRun start(int ranks, const std::string& name) const {
    Command command{program("memscale"), "run",         (folder_ / "grid.cfg").string(), "-o",
                    store(name),         "--grid.seed", "1:" + std::to_string(seeds_)};
    return QuietRun(ranks == 0 ? command : on_ranks(ranks, std::move(command)), folder_ / (name + ".log"));
  }
  std::string store(const std::string& name) const { return (folder_ / (name + ".h5")).string(); }
  void remove(const std::string& name) const { fs::remove(store(name)); }

  const Folder& folder_;
  std::int64_t seeds_ = 2;
};

}  // namespace

nlohmann::json measure_grid(const Folder& folder, double seconds, std::int64_t rounds) {
  Grid grid(folder);
  grid.choose_seeds(seconds / 10);  // a better guess from a longer run
  grid.choose_seeds(seconds);
  Samples one, two, pair;
  for (std::int64_t round = 1; round <= rounds; ++round) {
    std::fprintf(stderr, "memscale-bench: a grid of %lld trials, round %lld\n", static_cast<long long>(grid.trials()),
                 static_cast<long long>(round));
    one.add(grid.run(0));
    two.add(grid.run(2));
    pair.add(grid.run_pair());
  }
  return {{"trials", grid.trials()},
          {"one", one.all()},
          {"two", two.all()},
          {"pair", pair.all()},
          {"one_idle", grid.run_idle(0)},
          {"two_idle", grid.run_idle(2)}};
}

}  // namespace memscale::bench
