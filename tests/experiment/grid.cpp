#include "memscale/experiment/grid.hpp"

#include <algorithm>
#include <set>

#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "memscale/experiment/job_file.hpp"

using namespace memscale;

namespace {

Grid grid_of(const std::string& text) {
  return parse_grid(text, "test.cfg", {});
}

std::vector<Trial> trials_of(const std::string& text) {
  return expand(grid_of(text)).trials;
}

std::set<std::uint64_t> ids_of(const std::string& text) {
  const TrialList list = expand(grid_of(text));
  return {list.ids.begin(), list.ids.end()};
}

std::string refusal(const std::string& text) {
  try {
    expand(grid_of(text));
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a grid is the product of its axes") {
  const auto trials = trials_of("[grid]\nd = 16, 32\nalpha = 1.5, 2\noptimizer = gd, muon, newton\nseed = 1:5\n");
  CHECK(trials.size() == 2 * 2 * 3 * 5);
  for (const Trial& trial : trials) CHECK(canonical(trial) == trial);
}

TEST_CASE("each trial has its id beside it, and each id is there once") {
  const TrialList list =
      expand(grid_of("[grid]\nd = 16, 32, 16\nalpha = 1.5, 2\noptimizer = gd, muon\nseed = 1:50, 1\n"));
  REQUIRE(list.ids.size() == list.trials.size());
  for (std::size_t i = 0; i < list.ids.size(); ++i) REQUIRE(list.ids[i] == trial_id(list.trials[i]));
  CHECK(std::set(list.ids.begin(), list.ids.end()).size() == 2 * 2 * 2 * 50);
  CHECK(list.ids.size() == 2 * 2 * 2 * 50);
}

TEST_CASE("an optimizer's keys multiply only that optimizer's trials") {
  const auto trials = trials_of(
      "[grid]\nd = 16\noptimizer = gd, muon, newton\n"
      "[muon]\northogonalizer = svd, newton-schulz\nns-steps = 5, 8\n"
      "[newton]\nridge = 0, 1e-8, 1e-4\n");
  const auto count = [&](OptimizerKind kind) {
    return std::count_if(trials.begin(), trials.end(), [&](const Trial& t) { return t.optimizer == kind; });
  };
  CHECK(count(OptimizerKind::gd) == 1);
  CHECK(count(OptimizerKind::muon) == 3);
  CHECK(count(OptimizerKind::newton) == 3);
}

TEST_CASE("what makes no difference in one step is one trial there, and several at two") {
  const auto count = [](const std::string& steps) {
    return trials_of("[grid]\nd = 16\noptimizer = muon\n[muon]\nmomentum = 0, 0.5\n[train]\nsteps = " + steps + "\n")
        .size();
  };
  CHECK(count("1") == 1);
  CHECK(count("2") == 2);
  CHECK(count("1, 2") == 3);
}

TEST_CASE("a trial that is named twice is run once") {
  CHECK(trials_of("[grid]\nd = 16, 16\nseed = 1, 1:2\noptimizer = gd, gd\n").size() == 2);
}

TEST_CASE("an automatic lambda is resolved for each d and alpha") {
  const auto trials = trials_of(
      "[grid]\nd = 64, 128\nalpha = 1.5, 2\noptimizer = muon\n"
      "[muon]\northogonalizer = regularized\nlambda = auto, 0.5\n");
  std::set<double> lambdas;
  for (const Trial& trial : trials) lambdas.insert(trial.lambda);
  CHECK(trials.size() == 8);
  CHECK(lambdas.size() == 5);
}

TEST_CASE("neighbours share embeddings, then the population gradient") {
  const auto trials =
      trials_of("[grid]\nd = 16, 32\nalpha = 1.5, 2\noptimizer = gd, muon\nseed = 1:3\n[train]\neta = 1, 2\n");
  std::size_t bundles = 1, gradients = 1;
  for (std::size_t i = 1; i < trials.size(); ++i) {
    const bool new_bundle = bundle_key(trials[i]) != bundle_key(trials[i - 1]);
    bundles += new_bundle;
    gradients += new_bundle || trials[i].alpha != trials[i - 1].alpha;
  }
  CHECK(bundles == 2 * 3);
  CHECK(gradients == 2 * 3 * 2);
}

TEST_CASE("adding a seed, a d or an alpha leaves the other trials as they were") {
  const std::string rest = "optimizer = gd, muon, newton\n";
  const auto before = ids_of("[grid]\nd = 16, 32\nalpha = 1.5, 2\nseed = 1:2\n" + rest);
  for (const char* axes : {"d = 16, 32\nalpha = 1.5, 2\nseed = 1:3\n", "d = 8, 16, 32\nalpha = 1.5, 2\nseed = 1:2\n",
                           "d = 32, 16\nalpha = 1.25, 1.5, 2\nseed = 1:2\n"}) {
    const auto after = ids_of("[grid]\n" + std::string(axes) + rest);
    CHECK(after.size() > before.size());
    CHECK(std::includes(after.begin(), after.end(), before.begin(), before.end()));
  }
}

TEST_CASE("a grid that is too large is refused before it is made") {
  CHECK(refusal("[grid]\nd = 1:1000\nseed = 1:1000000\noptimizer = gd\n") ==
        "a grid of 1000000000 trials is too large (must be at most 10000000)");
  CHECK(refusal("[grid]\nd = 1:1000\nseed = 1:1000000\nalpha=1:1e-6:1.9\noptimizer = gd, muon\n[train]\n"
                "eta=1:1000000\n") == "a grid of 1.8e+21 trials is too large (must be at most 10000000)");
  CHECK(refusal("[grid]\nd = 16\noptimizer = muon\n[muon]\nns-steps = 1:1000\nns-lower = 0.0001:0.00001:0.9\n") ==
        "a grid of 89991000 trials is too large (must be at most 10000000)");
}

TEST_CASE("one trial that cannot run refuses the grid") {
  CHECK(refusal("[grid]\nd = 16, 0\noptimizer = gd\n") == "invalid d=0 (must be between 1 and 65536)");
  CHECK(refusal("[grid]\nd = 16\noptimizer = gd, newton\n[train]\nsteps = 2\n")
            .starts_with("invalid steps=2 (must be 1"));
}
