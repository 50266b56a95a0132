#include "memscale/experiment/job_parameters.hpp"

#include "catch.hpp"
#include "memscale/core/text.hpp"

using namespace memscale;

namespace {

const std::string one_step = "[grid]\nd = 16\noptimizer = gd, muon\n";
const std::string steps = "[train]\nsteps = 5\n";

std::string parameters(const std::string& text, const std::vector<std::string>& flags = {}) {
  return job_parameters(text, flags);
}

/// "train.eta: 1 -> 2; ..."
std::string changes(const std::string& before, const std::string& now) {
  std::string text;
  for (const ParameterChange& change : changed_parameters(parameters(before), parameters(now)))
    text.append(text.empty() ? "" : "; ").append(change.key + ": " + change.before + " -> " + change.now);
  return text;
}

}  // namespace

TEST_CASE("a job fixes what its trials depend on, defaults included") {
  CHECK(parameters(one_step) ==
        "gd.eta=as [train]\nmeasure.loss=auto\nmeasure.spectra=auto\nmuon.eta=as [train]\nmuon.orthogonalizer=svd\n"
        "problem.items=100000\nproblem.kappa=0\nproblem.model=gaussian\ntrain.eta=1\ntrain.steps=1\n");
  const auto names = [](const std::string& text, const std::string& key) {
    return ("\n" + parameters(text)).find("\n" + key + "=") != std::string::npos;
  };
  // An optimizer's own keys, of optimizers in it alone.
  CHECK_FALSE(names(one_step, "newton.ridge"));
  CHECK(names("[grid]\nd = 16\noptimizer = newton\n", "newton.ridge"));
  CHECK_FALSE(names("[grid]\nd = 16\noptimizer = newton\n", "muon.orthogonalizer"));
  // What means nothing to one step.
  for (const char* key :
       {"train.eta-growth", "train.gradient", "train.stop-growth", "muon.momentum", "gd.eta-growth"}) {
    CHECK_FALSE(names(one_step, key));
    CHECK(names(one_step + steps, key));
  }
  // What a choice of another key leaves without meaning.
  CHECK_FALSE(names(one_step + "[muon]\nlambda = 3\n", "muon.lambda"));
  CHECK(names(one_step + "[muon]\northogonalizer = svd, regularized\n", "muon.lambda"));
  const std::string iterated = one_step + "[muon]\northogonalizer = newton-schulz\n";
  CHECK(names(iterated, "muon.ns-steps"));
  CHECK_FALSE(names(iterated, "muon.ns-lower"));
  CHECK(names(iterated + "ns-coefficients = jordan, cans\n", "muon.ns-lower"));
  CHECK_FALSE(names(one_step + "[muon]\nns-coefficients = cans\n", "muon.ns-lower"));
  CHECK_FALSE(names(one_step + steps, "train.threshold"));
  const std::string thresholded = one_step + steps + "gradient = thresholded\n";
  CHECK(names(thresholded, "train.threshold"));
  CHECK_FALSE(names(thresholded, "train.threshold-value"));
  CHECK(names(thresholded + "threshold = margin\n", "train.threshold-value"));
  CHECK_FALSE(names(one_step + "[train]\ngradient = thresholded\nthreshold = margin\n", "train.threshold-value"));
  CHECK_FALSE(names(one_step + steps, "train.stop-window"));
  CHECK(names(one_step + steps + "stop-growth = 0.01\n", "train.stop-window"));
  // [train]'s version of a key that all optimizers have for themselves.
  CHECK_FALSE(names(one_step + "[gd]\neta = 1\n[muon]\neta = 1\n", "train.eta"));
  CHECK(names(one_step + "[gd]\neta = 1\n", "train.eta"));
  // Points and the run are not fixed.
  CHECK(parameters(one_step + "seed = 1:9\nalpha = 2\nbatch = 64\n[run]\non-error = continue\n") ==
        parameters(one_step));
}

TEST_CASE("values that were written otherwise are one text") {
  const auto eta = [](const std::string& text) { return parameters(one_step + "[train]\neta = " + text + "\n"); };
  CHECK(eta("1") == eta("1.0"));
  CHECK(eta("1, 2, 3") == eta("1:3"));
  CHECK(eta("0.1:0.1:0.3") == eta("1e-1, 0.2, 0.3, 0.3"));
  CHECK(eta("2 * sqrt(d)") == eta("2.0*sqrt(d)"));
  CHECK(eta("sqrt(d)") == eta("1*sqrt(d)"));
  CHECK(eta("1") != eta("sqrt(d)"));
  CHECK(parameters(one_step + "[problem]\nkappa = -0\n") == parameters(one_step));
  CHECK(parameters(one_step, {"--problem.items", "5"}) == parameters(one_step + "[problem]\nitems = 5\n"));
  const std::string regularized = one_step + "[muon]\northogonalizer = regularized\n";
  CHECK(parameters(regularized).find("muon.lambda=auto\n") != std::string::npos);
  CHECK(parameters(regularized + "lambda = auto, 0.10\n").find("muon.lambda=auto,0.1\n") != std::string::npos);
}

TEST_CASE("a key has changed when none of its values is left") {
  const auto eta = [](const std::string& text) { return one_step + "[train]\neta = " + text + "\n"; };
  CHECK(changes(one_step, eta("2")) == "train.eta: 1 -> 2");
  CHECK(changes(eta("1, 2"), eta("3, sqrt(d)")) == "train.eta: 1, 2 -> 3, sqrt(d)");
  CHECK(changes(eta("1, 2"), eta("2, 3")).empty());
  CHECK(changes(eta("1"), eta("1:5")).empty());
  CHECK(changes(eta("1:5"), eta("5")).empty());
  CHECK(changes(eta("1"), eta("sqrt(d)")) == "train.eta: 1 -> sqrt(d)");
  CHECK(changes(one_step, one_step + "[problem]\nitems = 5\nkappa = 1\n") ==
        "problem.items: 100000 -> 5; problem.kappa: 0 -> 1");
}

TEST_CASE("other points, optimizers and keys without a meaning are no change") {
  CHECK(changes(one_step, "[grid]\nd = 64\nalpha = 3\nseed = 7\nbatch = 64\noptimizer = gd, muon\n").empty());
  CHECK(changes(one_step, "[grid]\nd = 16\noptimizer = newton\n[newton]\nridge = 1\n").empty());
  CHECK(changes(one_step + "[newton]\nridge = 1\n", one_step).empty());
  CHECK(changes(one_step, one_step + "[train]\nstop-growth = 0.5\nthreshold = margin\n").empty());
  CHECK(changes(one_step + "[muon]\northogonalizer = svd\n", one_step + "[muon]\northogonalizer = svd, regularized\n")
            .empty());
}

TEST_CASE("learning rates are compared optimizer by optimizer") {
  const std::string muon = "[grid]\nd = 16\noptimizer = muon\n", gd = "[grid]\nd = 16\noptimizer = gd\n";
  CHECK(changes(muon, muon + "[muon]\neta = 1\n[train]\neta = 2\n").empty());
  CHECK(changes(muon, muon + "[muon]\neta = 2\n") == "muon.eta: 1 -> 2");
  CHECK(changes(muon + "[muon]\neta = 2\n", muon) == "muon.eta: 2 -> 1");
  CHECK(changes(one_step, one_step + "[muon]\neta = 2\n") == "muon.eta: 1 -> 2");
  CHECK(changes(one_step, one_step + "[gd]\neta = 1\n[train]\neta = 3\n") == "train.eta: 1 -> 3");  // muon's
  CHECK(changes(one_step, one_step + "[train]\neta = 3\n") == "train.eta: 1 -> 3");                 // told once
  CHECK(changes(gd, muon + "[train]\neta = 2\n").empty());  // gd's trials are what they were
  CHECK(changes(muon + steps, muon + steps + "eta-growth = 2\n") == "train.eta-growth: 1 -> 2");
}

TEST_CASE("of several jobs, those that name a key vouch for it") {
  const auto eta = [](const std::string& optimizers, const std::string& value) {
    return parameters("[grid]\nd = 16\noptimizer = " + optimizers + "\n[train]\neta = " + value + "\n");
  };
  const std::vector<std::string> stored{eta("gd", "1"), eta("muon", "1")};
  const auto counts = [&](const std::string& now) {
    std::vector<std::size_t> list;
    for (const auto& changes : changes_from_each(stored, now)) list.push_back(changes.size());
    return list;
  };
  using Counts = std::vector<std::size_t>;
  CHECK(counts(eta("gd", "5")) == Counts{1, 1});
  CHECK(changes_from_each(stored, eta("gd", "5"))[1][0].key == "train.eta");
  CHECK(counts(eta("gd", "1, 5")) == Counts{0, 0});
  CHECK(counts(eta("newton", "5")) == Counts{0, 0});  // nobody's yet
  CHECK(counts(eta("gd, newton", "5")) == Counts{1, 1});
  CHECK(changes_from_each({}, eta("gd", "5")).empty());
}

TEST_CASE("a changed default is a change") {
  // As if the program that wrote the store had chosen otherwise.
  std::string before = parameters(one_step);
  const auto at = before.find("muon.orthogonalizer=svd");
  before.replace(at, 23, "muon.orthogonalizer=newton-schulz");
  const auto found = changed_parameters(before, parameters(one_step));
  REQUIRE(found.size() == 1);
  CHECK(found[0].key == "muon.orthogonalizer");
  CHECK(found[0].before == "newton-schulz");
  CHECK(found[0].now == "svd");
}

TEST_CASE("texts without optimizers, keys or values are compared as far as they go") {
  const auto count = [](const std::string& a, const std::string& b) { return changed_parameters(a, b).size(); };
  CHECK(count("train.eta=1\n", "train.eta=2\n") == 1);
  CHECK(count("train.eta=1", "train.eta=1,2") == 0);
  CHECK(count("", "train.eta=1\n") == 0);
  CHECK(count("\n\n=\nnothing", "=x\nnothing") == 1);      // a key without a name changed
  CHECK(count("gd.eta=as [train]\n", "gd.eta=1\n") == 0);  // what it was is not told
}

TEST_CASE("long lists are cut short, in the store and in messages") {
  const auto eta = [](const std::string& text) { return one_step + "[train]\neta = " + text + "\n"; };
  CHECK(changes(eta("1:20"), eta("30, 31")) == "train.eta: 1, 2, 3, ..., 20 (20 values) -> 30, 31");
  CHECK(changes(eta("1:8"), eta("30")) == "train.eta: 1, 2, 3, 4, 5, 6, 7, 8 -> 30");
  CHECK(changes(eta("1:1000"), eta("700")).empty());
  const std::string many = parameters(eta("1:1000000"));
  CHECK(many.size() < 10000);
  CHECK(many.find(",500,(999000 more),999501,") != std::string::npos);
  CHECK(changes(eta("1:1000000"), eta("1:999999")).empty());
  CHECK(changes(eta("1:1000000"), eta("1000000:1000005")).empty());
  // An equal number of unlisted values is no shared value.
  CHECK(changes(eta("1:2000"), eta("2001:4000")) ==
        "train.eta: 1, 2, 3, ..., 2000 (2000 values) -> 2001, 2002, 2003, ..., 4000 (2000 values)");
  // However many keys are long, all of them fit into a store.
  const std::string range = " = 0.000123:0.000123:0.123\n";
  std::string long_job = "[grid]\nd = 16\noptimizer = gd, ngd, signgd, muon, adam\n[train]\nsteps = 2\n";
  for (const char* key : {"gd.eta", "ngd.eta", "signgd.eta", "muon.eta", "adam.eta", "adam.beta1", "adam.epsilon"})
    long_job = key + range + long_job;
  const std::string long_parameters = parameters(long_job);
  CHECK(long_parameters.size() > 20000);
  CHECK(long_parameters.size() < 60000);
}
