#include "memscale/experiment/job_file.hpp"

#include <sys/stat.h>

#include <fstream>
#include <limits>
#include <map>

#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "memscale/experiment/job_parameters.hpp"
#include "memscale/experiment/job_text.hpp"
#include "temporary_folder.hpp"

using namespace memscale;

namespace {

const std::string small = "[grid]\nd = 16\noptimizer = muon\n";

std::string refusal(const std::string& text, const std::vector<std::string>& flags = {}) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "test.cfg", std::ios::binary) << text;
  try {
    read_job(folder.path() / "test.cfg", flags);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

Job job_of(const std::string& text, const std::vector<std::string>& flags = {}) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "test.cfg", std::ios::binary) << text;
  return read_job(folder.path() / "test.cfg", flags);
}

Trial only_trial(const std::string& text, const std::vector<std::string>& flags = {}) {
  const Job job = job_of(text, flags);
  REQUIRE(job.trials.size() == 1);
  return job.trials.front();
}

}  // namespace

TEST_CASE("a job that gives d and optimizer has the documented defaults") {
  Trial expected;
  expected.d = 16;
  expected.items = 100000;
  expected.kappa = 0;
  expected.alpha = 1.5;
  expected.batch = std::numeric_limits<double>::infinity();
  expected.seed = 1;
  expected.optimizer = OptimizerKind::muon;
  expected.steps = 1;
  expected.eta = 1;
  expected.orthogonalizer = Orthogonalizer::svd;
  expected.loss_measure = LossMeasure::none;
  expected.spectra_measure = SpectraMeasure::final;
  CHECK(only_trial(small) == canonical(expected));
  expected.optimizer = OptimizerKind::newton;
  expected.ridge = 1e-8;
  CHECK(only_trial("[grid]\nd = 16\noptimizer = newton\n") == canonical(expected));
  const Trial ns = only_trial(small + "[muon]\northogonalizer = newton-schulz\n");
  CHECK(ns.ns_steps == 5);
  CHECK(ns.ns_coefficients == NewtonSchulzSet::jordan);
  CHECK(only_trial(small + "[muon]\northogonalizer=newton-schulz\nns-coefficients=cans\n").ns_lower == 1e-3);
}

TEST_CASE("a job file keeps its text, comments, blank lines and any line ending") {
  const std::string text = "\xEF\xBB\xBF# a comment\r\n\r\n [grid] # so is this\r\n\td=16 # and this\r\noptimizer = gd";
  const Job job = job_of(text);
  REQUIRE(job.trials.size() == 1);
  CHECK(job.text == text.substr(3));
  CHECK(job_of("grid.d = 16\ngrid.optimizer = gd\n").trials == job.trials);
  CHECK(job_of("[grid]\nd = 16\n[train]\n[grid]\noptimizer = gd\n[run]\non-error = continue\n").trials == job.trials);
}

TEST_CASE("eta is a number or a multiple of sqrt(d) or log(d)/steps") {
  const auto eta = [](const std::string& text) { return only_trial(small + "[train]\neta = " + text + "\n"); };
  CHECK(eta("0.5").eta == 0.5);
  CHECK(eta("0.5").eta_scale == EtaScale::absolute);
  CHECK(eta("sqrt(d)").eta == 1);
  CHECK(eta("2 * sqrt(d)").eta == 2);
  CHECK(eta("2*sqrt(d)").eta_scale == EtaScale::sqrt_d);
  CHECK(eta("log(d)/steps").eta_scale == EtaScale::log_d_over_steps);
  CHECK(eta("3*log(d)/steps").eta == 3);
  CHECK(refusal(small, {"--train.eta-growth", "2*log(d)/steps", "--train.steps=2"}) ==
        "invalid eta-growth=2*log(d)/steps (must be a number, sqrt(d) or a multiple such as 2*sqrt(d))");
  CHECK(job_of(small + "[train]\neta = 1, sqrt(d), 1:3, 0.5*sqrt(d)\n").trials.size() == 5);
  for (const char* bad : {"d", "sqrt(d", "sqrt(n)", "2sqrt(d)", "*sqrt(d)", "x*sqrt(d)", "2*sqrt(d)*2"})
    CHECK(refusal(small, {"--train.eta", bad}) ==
          "invalid eta=" + std::string(bad) +
              " (must be a number, sqrt(d), log(d)/steps or a multiple such as 2*sqrt(d))");
  CHECK(refusal(small, {"--train.eta=1e400"}) == "invalid eta=1e400 (must be within the range of a 64-bit float)");
  for (const char* bad : {"0*sqrt(d)", "-1", "nan"})
    CHECK(refusal(small + "[train]\neta = " + bad + "\n").find("invalid eta=") != std::string::npos);
}

TEST_CASE("an optimizer's own learning rate wins over [train]'s") {
  const std::string text =
      "[grid]\nd = 16\noptimizer = gd, muon, ngd\n[train]\nsteps = 3\neta = 5, 6\neta-growth = 1.5\n"
      "[muon]\neta = sqrt(d)\neta-growth = 1\n[gd]\neta = 0.01*sqrt(d), 0.1\n";
  std::map<OptimizerKind, std::vector<double>> first, third;
  for (const Trial& trial : job_of(text).trials) {
    first[trial.optimizer].push_back(learning_rate(trial, 1));
    third[trial.optimizer].push_back(learning_rate(trial, 3));
  }
  CHECK(first[OptimizerKind::muon] == std::vector{4.0});
  CHECK(third[OptimizerKind::muon] == std::vector{4.0});
  CHECK(first[OptimizerKind::gd] == std::vector{0.04, 0.1});
  CHECK(third[OptimizerKind::gd] == std::vector{0.04 * 2.25, 0.1 * 2.25});
  CHECK(first[OptimizerKind::ngd] == std::vector{5.0, 6.0});
}

TEST_CASE("keys of many steps") {
  const Trial trial = only_trial(small +
                                 "batch = 1e4\n[train]\nsteps = 20\ngradient = thresholded\nthreshold = "
                                 "probability\nstop-growth = 0.005\n[muon]\nmomentum = 0.95\n[measure]\nloss = "
                                 "exact\nspectra = none\n");
  CHECK(trial.batch == 1e4);
  CHECK(trial.steps == 20);
  CHECK(trial.gradient == GradientKind::thresholded);
  CHECK(trial.threshold == ThresholdRule::probability);
  CHECK(trial.threshold_value == 0.5);
  CHECK(trial.stop_growth == 0.005);
  CHECK(trial.stop_window == 10);
  CHECK(trial.momentum == 0.95);
  CHECK(trial.loss_measure == LossMeasure::exact);
  CHECK(trial.spectra_measure == SpectraMeasure::none);
  const Trial adam = only_trial("[grid]\nd = 16\noptimizer = adam\n[train]\nsteps = 2\n");
  CHECK(adam.beta1 == 0.9);
  CHECK(adam.beta2 == 0.999);
  CHECK(adam.epsilon == 1e-8);
  CHECK(job_of(small + "batch = 64, 256, inf\n").trials.size() == 3);
}

TEST_CASE("a job keeps its flags in one form, and what they and the file fix") {
  CHECK(job_of(small).flags.empty());
  const Job job = job_of(small, {"--train.eta=2 * sqrt(d)", "--grid.d", "64, 128"});
  CHECK(job.flags == "--grid.d 64,128 --train.eta 2*sqrt(d)");
  CHECK(job.parameters == job_parameters(small + "[train]\neta = 2*sqrt(d)\n", {}));
  REQUIRE(job.ids.size() == 2);
  CHECK(job.ids[1] == trial_id(job.trials[1]));
}

TEST_CASE("a comment of any bytes is kept as it was read") {
  const std::string text = small + "# k\xE4lter\n";
  CHECK(job_of(text).text == text);
  CHECK(job_of(text).ids == job_of(small).ids);
}

TEST_CASE("flags win over the file") {
  CHECK(only_trial(small, {"--grid.d", "32"}).d == 32);
  CHECK(only_trial(small, {"--grid.d=32", "--grid.optimizer=gd"}).optimizer == OptimizerKind::gd);
  CHECK(only_trial("", {"--grid.d=32", "--grid.optimizer", "gd"}).d == 32);
  CHECK(job_of(small, {"--grid.d", "64,128", "--grid.seed", "1:4"}).trials.size() == 8);
  CHECK(refusal(small, {"--grid.d", "0"}) == "invalid d=0 (must be between 1 and 65536)");
  CHECK(refusal(small, {"--grid.alpha", "-1"}) == "invalid alpha=-1 (must be positive and at most 20)");
  CHECK(refusal(small, {"--grid.seed=8:1"}) == "invalid seed=8:1 (a range must not run backwards)");
  CHECK(refusal(small, {"--grid.alhpa", "2"}) == "unknown key grid.alhpa (did you mean grid.alpha?)");
  CHECK(refusal(small, {"--d", "2"}) == "unknown key d (did you mean grid.d?)");
  CHECK(refusal(small, {"--grid.d", "2", "--grid.d", "3"}) == "flag --grid.d is given twice");
  CHECK(refusal(small, {"stray"}) == "unexpected argument stray");
  CHECK(refusal(small, {"-x"}) == "unexpected argument -x");
  CHECK(refusal(small, {"--", "stray"}) == "unexpected argument stray");
  CHECK(refusal(small, {""}).starts_with("unexpected argument"));
  CHECK(refusal(small, {"--grid.d"}).find("grid.d") != std::string::npos);
  CHECK(refusal(small, {"--grid.d="}) == "flag --grid.d needs a value");
  CHECK(refusal(small, {"--grid.d=8", "--grid.d\n="}) == "flag --grid.d? needs a value");
  CHECK(refusal(small, {"--grid.d", "--grid.alpha", "2"}) == "flag --grid.d needs a value");
}

TEST_CASE("an unknown key names its line and the nearest key") {
  CHECK(refusal("[grid]\nd = 16\nalhpa = 2\n") == "test.cfg:3: unknown key grid.alhpa (did you mean grid.alpha?)");
  CHECK(refusal("[grid]\nd=16\n[muon]\nnssteps=2\n") ==
        "test.cfg:4: unknown key muon.nssteps (did you mean muon.ns-steps?)");
  CHECK(refusal("[grid]\nsteps = 2\n") == "test.cfg:2: unknown key grid.steps (did you mean train.steps?)");
  CHECK(refusal("alpha = 2\n") == "test.cfg:1: unknown key alpha (did you mean grid.alpha?)");
  CHECK(refusal("[gird]\nd = 2\n") ==
        "test.cfg:1: unknown section [gird] (must be one of [problem], [grid], [train], [measure], [muon], [adam], "
        "[newton], [gd], [ngd], [signgd], [tra-signgd], [run])");
  for (const char* section : {"[]", "[ grid ]", "[grid.]", "[[grid]]"})
    CHECK(refusal(std::string(section) + "\nd = 2\n").starts_with("test.cfg:1: unknown section"));
}

TEST_CASE("a line that cannot be read is named") {
  CHECK(refusal("[grid]\nd = 16\noptimizer\n") ==
        "test.cfg:3: cannot read optimizer (must be a [section], key = value or # comment)");
  CHECK(refusal("[grid\nd = 16\n").starts_with("test.cfg:1: cannot read [grid"));
  CHECK(refusal("[grid]\nd = 16\noptimizer = gd\n\n# comment\nd = 32\n") ==
        "test.cfg:6: grid.d is given twice (first in line 2)");
  CHECK(refusal("[grid]\n= 16\n").starts_with("test.cfg:2: unknown key grid."));
}

TEST_CASE("a value that cannot be used names key, value and reason") {
  CHECK(refusal(small + "seed = 8:1\n") == "test.cfg:4: invalid seed=8:1 (a range must not run backwards)");
  CHECK(refusal("[grid]\noptimizer = gd\nd = 0\n") == "invalid d=0 (must be between 1 and 65536)");
  CHECK(refusal(small + "alpha = nan\n") == "invalid alpha=nan (must be positive and at most 20)");
  CHECK(refusal(small + "alpha = -1\n") == "invalid alpha=-1 (must be positive and at most 20)");
  CHECK(refusal(small + "batch = 0.5\n") ==
        "invalid batch=0.5 (must be a whole number between 1 and 1e15, or inf, the population gradient)");
  CHECK(refusal(small + "[problem]\nitems = many\n") ==
        "test.cfg:5: invalid items=many (must be a whole number between 1 and 100000000)");
  CHECK(refusal(small + "[problem]\nitems =\n") ==
        "test.cfg:5: invalid items= (must not be empty or hold an empty element)");
  CHECK(refusal(small + "[muon]\nlambda = 0\n") == "test.cfg:5: invalid lambda=0 (must be auto or positive)");
  CHECK(refusal(small + "[muon]\northogonalizer = none\n").starts_with("invalid orthogonalizer=none"));
  CHECK(refusal(small + "[run]\non-error = stop\n") == "test.cfg:5: invalid on-error=stop (must be continue or abort)");
  CHECK(refusal("[grid]\nd = 16\noptimizer = sgd\n") ==
        "test.cfg:3: invalid optimizer=sgd (must be one of gd, muon, newton, ngd, signgd, adam, tra-signgd)");
  CHECK(refusal("[grid]\nd = 16\n") == "missing key grid.optimizer (the job must give it: it has no default)");
  CHECK(refusal("") == "missing key grid.d (the job must give it: it has no default)");
}

TEST_CASE("a value is checked whether or not a trial uses it") {
  const auto with = [](const std::string& key, const std::string& value) {
    return refusal(small, {"--grid.optimizer=gd", "--" + key + "=" + value});
  };
  for (const std::string bad : {"-5", "0", "1001"})
    CHECK(with("muon.ns-steps", bad) == "invalid ns-steps=" + bad + " (must be between 1 and 1000)");
  CHECK(with("muon.ns-steps", "0:5") == "invalid ns-steps=0 (must be between 1 and 1000)");
  for (const std::string bad : {"-1", "0", "1", "nan"})
    CHECK(with("muon.ns-lower", bad) == "invalid ns-lower=" + bad + " (must be between 0 and 1, both excluded)");
  for (const std::string bad : {"-3", "nan", "inf"})
    CHECK(with("newton.ridge", bad) == "invalid ridge=" + bad + " (must not be negative)");
  CHECK(with("muon.ns-steps", "1, 1000") == "accepted");
  CHECK(with("muon.ns-lower", "1e-9, 0.5") == "accepted");
  CHECK(with("newton.ridge", "0, 1") == "accepted");
  for (const std::string bad : {"-1", "1", "nan"}) {
    CHECK(with("muon.momentum", bad) == "invalid momentum=" + bad + " (must be from 0 to below 1)");
    CHECK(with("adam.beta1", bad) == "invalid beta1=" + bad + " (must be from 0 to below 1)");
    CHECK(with("adam.beta2", bad) == "invalid beta2=" + bad + " (must be from 0 to below 1)");
  }
  for (const std::string bad : {"0", "1", "nan"}) {
    CHECK(with("problem.head-mass", bad) == "invalid head-mass=" + bad + " (must be between 0 and 1, both excluded)");
    CHECK(with("problem.head-share", bad) == "invalid head-share=" + bad + " (must be between 0 and 1, both excluded)");
  }
  CHECK(with("grid.task-basis", "none") == "invalid task-basis=none (must be one of identity, coupled, haar)");
  CHECK(with("problem.representation", "none") == "invalid representation=none (must be one of dense, reduced, auto)");
  CHECK(with("problem.label-noise", "1") == "invalid label-noise=1 (must be from 0 to below 1)");
  for (const std::string bad : {"0", "x", "100000001"})
    CHECK(with("problem.groups", bad) ==
          "invalid groups=" + bad + " (must be each or a whole number between 1 and 100000000)");
  CHECK(with("adam.epsilon", "0") == "invalid epsilon=0 (must be between 1e-100 and 1e100)");
  CHECK(with("train.threshold-value", "-1") == "invalid threshold-value=-1 (must be auto or between 0 and 1e100)");
  CHECK(with("train.stop-window", "0") == "invalid stop-window=0 (must be between 1 and 1000000)");
  CHECK(with("train.eta-growth", "1001*sqrt(d)") == "invalid eta-growth=1001*sqrt(d) (must be between 0.001 and 1000)");
  CHECK(with("signgd.eta", "-1") == "invalid eta=-1 (must be between 1e-100 and 1e+100)");
  CHECK(with("train.stop-growth", "2") == "invalid stop-growth=2 (must be between 0 and 1)");
}

TEST_CASE("a text that is no number of its key is told the key's range") {
  for (const std::string bad : {"abc", "1.5", "9223372036854775808"}) {
    const auto with = [&](const std::string& key) { return refusal(small, {"--" + key + "=" + bad}); };
    CHECK(with("grid.d") == "invalid d=" + bad + " (must be a whole number between 1 and 100000000)");
    CHECK(with("problem.items") == "invalid items=" + bad + " (must be a whole number between 1 and 100000000)");
    CHECK(with("grid.seed") == "invalid seed=" + bad + " (must be a whole number between 0 and 9223372036854775807)");
    CHECK(with("train.steps") == "invalid steps=" + bad + " (must be a whole number between 1 and 1000000)");
    CHECK(with("muon.ns-steps") == "invalid ns-steps=" + bad + " (must be a whole number between 1 and 1000)");
  }
  CHECK(refusal(small, {"--grid.d=8:8:16:24"}) ==
        "invalid d=8:8:16:24 (a range must be first:last or first:step:last, of whole numbers of 64 bits)");
  CHECK(refusal(small, {"--grid.alpha=1e400"}) == "invalid alpha=1e400 (must be within the range of a 64-bit float)");
  // The ranges told are those that are accepted.
  CHECK(refusal(small, {"--grid.d=1,16384", "--problem.items=1,100000000", "--grid.seed=0,9223372036854775807"}) ==
        "accepted");
  CHECK(refusal(small, {"--grid.optimizer=gd", "--grid.d=65536"}) == "accepted");
  for (const char* beyond : {"--grid.d=65537", "--problem.items=100000001", "--grid.seed=-1", "--train.steps=1000001"})
    CHECK(refusal(small, {"--grid.optimizer=gd", beyond}).starts_with("invalid "));
}

TEST_CASE("a job file that is no text file is refused in one line") {
  const TemporaryFolder folder;
  const auto reason = [](const std::filesystem::path& path) -> std::string {
    try {
      read_job(path, {});
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  CHECK(reason(folder.path()).find("(it is a directory)") != std::string::npos);
  CHECK(reason(folder.path() / "missing").find("(No such file or directory)") != std::string::npos);
  CHECK(reason(folder.path() / "missing" / "x").find("(No such file or directory)") != std::string::npos);
  CHECK(reason("").find("cannot read job file") == 0);
  CHECK(reason(folder.path() / "a\nb").find('\n') == std::string::npos);
  CHECK(refusal(std::string("[grid]\0", 7)).find("(it is not a text file)") != std::string::npos);
  CHECK(refusal(std::string((1 << 20) + 1, '#')).find("(it is larger than 1 MiB)") != std::string::npos);
  CHECK(refusal(small + std::string((1 << 20) - small.size(), '#')) == "accepted");
  // Root may read everything, so only others can be refused.
  std::ofstream(folder.path() / "secret.cfg") << small;
  REQUIRE(::chmod((folder.path() / "secret.cfg").c_str(), 0) == 0);
  if (!std::ifstream(folder.path() / "secret.cfg"))
    CHECK(reason(folder.path() / "secret.cfg").find("(Permission denied)") != std::string::npos);
}

TEST_CASE("the job files of the repository can be read") {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(MEMSCALE_SOURCE_DIR "/jobs")) {
    if (entry.path().extension() != ".cfg") continue;
    CAPTURE(entry.path().string());
    ++files;
    CHECK_FALSE(read_job(entry.path(), {}).trials.empty());
  }
  CHECK(files >= 3);
}

TEST_CASE("a job of orthogonal memories has d items, and refuses what they do not have") {
  const std::string orthogonal = "[problem]\nmodel = orthogonal\n[grid]\nd = 30\noptimizer = gd\n";
  const Trial trial = only_trial(orthogonal);
  CHECK(trial.items == 30);
  CHECK(trial.groups == 30);
  CHECK(trial.seed == 0);
  CHECK(trial.representation == Representation::reduced);
  CHECK(job_of(orthogonal + "seed = 1:9\ntask-basis = identity, coupled, haar\n").trials.size() == 1);
  CHECK(refusal(orthogonal + "[problem]\nitems = 30\n") ==
        "test.cfg:7: invalid problem.items=30 (must not be given for model = orthogonal: its items are grid.d)");
  CHECK(refusal(orthogonal + "batch = 10\n") == "invalid batch=10 (must be inf for model = orthogonal)");
  CHECK(refusal(orthogonal, {"--problem.groups=7"}) ==
        "invalid groups=7 (must divide d=30, or be each: every item its own group)");
  CHECK(refusal(orthogonal, {"--problem.kappa=1"}) == "invalid kappa=1 (must be 0 for model = orthogonal)");
  CHECK(only_trial(orthogonal + "[problem]\ngroups = 6\nlabel-noise = 0.25\n").groups == 6);
  const Trial two = only_trial(orthogonal + "[problem]\nfrequencies = two-groups\n");
  CHECK(two.head_mass == 0.8);
  CHECK(two.head_share == 0.2);
  CHECK(two.groups == 2);
}
