#include "memscale/experiment/trial.hpp"

#include <cmath>
#include <functional>
#include <set>

#include "catch.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"

using namespace memscale;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

Trial muon(const std::function<void(Trial&)>& change = [](Trial&) {}) {
  Trial trial;
  change(trial);
  return trial;
}

Trial newton_schulz(const std::function<void(Trial&)>& change = [](Trial&) {}) {
  return muon([&](Trial& t) {
    t.orthogonalizer = Orthogonalizer::newton_schulz;
    t.ns_coefficients = NewtonSchulzSet::polar_express;
    t.ns_steps = 5;
    t.ns_lower = 1e-3;
    change(t);
  });
}

std::uint64_t id_of(const Trial& trial) {
  return trial_id(canonical(trial));
}

std::string refusal(const Trial& trial) {
  try {
    canonical(trial);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("the identity of known trials is frozen") {
  // Stores on disk hold these ids: another value here means that no earlier result is found again. Raise
  // physics_version, deliberately, if results changed; else mend the canonical text.
  REQUIRE(canonical_text(canonical(muon())) ==
          "model=gaussian d=64 items=100000 kappa=0 alpha=1.5 batch=inf seed=1 optimizer=muon steps=1 eta=1 "
          "eta_scale=absolute gradient=exact orthogonalizer=svd lambda=0 ns_coefficients=none ns_steps=0 ns_lower=0 "
          "ridge=0");
  CHECK(to_hex(id_of(muon())) == "0e6b0f65e189c1f5");
  CHECK(to_hex(id_of(newton_schulz())) == "6ab1ae65252870ca");
}

TEST_CASE("ids differ whenever a field that matters differs") {
  const std::vector<Trial> trials{
      muon(),
      muon([](Trial& t) { t.d = 65; }),
      muon([](Trial& t) { t.items = 99999; }),
      muon([](Trial& t) { t.kappa = 0.5; }),
      muon([](Trial& t) { t.alpha = std::nextafter(1.5, 2); }),
      muon([](Trial& t) { t.seed = 0; }),
      muon([](Trial& t) { t.eta = 2; }),
      muon([](Trial& t) { t.eta_scale = EtaScale::sqrt_d; }),
      muon([](Trial& t) { t.optimizer = OptimizerKind::gd; }),
      muon([](Trial& t) { t.optimizer = OptimizerKind::newton; }),
      muon([](Trial& t) {
        t.optimizer = OptimizerKind::newton;
        t.ridge = 1e-8;
      }),
      muon([](Trial& t) {
        t.orthogonalizer = Orthogonalizer::regularized;
        t.lambda = 0.1;
      }),
      muon([](Trial& t) {
        t.orthogonalizer = Orthogonalizer::regularized;
        t.lambda = not_a_number;
      }),
      newton_schulz(),
      newton_schulz([](Trial& t) { t.ns_steps = 6; }),
      newton_schulz([](Trial& t) { t.ns_lower = 1e-4; }),
      newton_schulz([](Trial& t) { t.ns_coefficients = NewtonSchulzSet::cans; }),
      newton_schulz([](Trial& t) { t.ns_coefficients = NewtonSchulzSet::jordan; }),
  };
  std::set<std::uint64_t> ids;
  for (const Trial& trial : trials) ids.insert(id_of(trial));
  CHECK(ids.size() == trials.size());
}

TEST_CASE("fields that an optimizer ignores do not matter") {
  CHECK(id_of(muon()) == id_of(muon([](Trial& t) {
          t.lambda = 3;
          t.ns_steps = 8;
          t.ns_coefficients = NewtonSchulzSet::cubic;
          t.ns_lower = 0.5;
          t.ridge = 7;
        })));
  const auto gd = [](Trial& t) { t.optimizer = OptimizerKind::gd; };
  CHECK(id_of(muon(gd)) == id_of(newton_schulz([&](Trial& t) {
          gd(t);
          t.ridge = 1;
        })));
  // Only the tuned coefficient sets look at ns_lower.
  const auto jordan = [](Trial& t) { t.ns_coefficients = NewtonSchulzSet::jordan; };
  CHECK(id_of(newton_schulz(jordan)) == id_of(newton_schulz([&](Trial& t) {
          jordan(t);
          t.ns_lower = 0.25;
        })));
  CHECK(id_of(muon()) == id_of(muon([](Trial& t) { t.kappa = -0.0; })));
  const auto newton = [](Trial& t) { t.optimizer = OptimizerKind::newton; };
  CHECK(id_of(muon(newton)) == id_of(muon([&](Trial& t) {
          newton(t);
          t.ridge = -0.0;
        })));
}

TEST_CASE("canonical is idempotent") {
  for (const Trial& trial : {muon(), newton_schulz(), muon([](Trial& t) {
                               t.orthogonalizer = Orthogonalizer::regularized;
                               t.lambda = not_a_number;
                             })}) {
    const Trial once = canonical(trial);
    CHECK(canonical(once) == once);
  }
}

TEST_CASE("an automatic lambda is the paper's choice") {
  // (log d)^(2 alpha + 2) / d^alpha, population gradient
  for (const auto& [d, alpha] : {std::pair{256, 1.5}, {64, 2.0}, {1024, 1.25}, {4096, 3.0}}) {
    Trial trial;
    trial.d = d;
    trial.alpha = alpha;
    trial.orthogonalizer = Orthogonalizer::regularized;
    trial.lambda = not_a_number;
    CHECK(canonical(trial).lambda ==
          Approx(std::pow(std::log(double(d)), 2 * alpha + 2) / std::pow(double(d), alpha)).epsilon(1e-12));
  }
}

TEST_CASE("a bundle is what shares embeddings") {
  const std::uint64_t key = bundle_key(muon());
  CHECK(key == bundle_key(muon([](Trial& t) {
          t.alpha = 3;
          t.optimizer = OptimizerKind::gd;
          t.eta = 9;
        })));
  CHECK(key != bundle_key(muon([](Trial& t) { t.d = 65; })));
  CHECK(key != bundle_key(muon([](Trial& t) { t.items = 5; })));
  CHECK(key != bundle_key(muon([](Trial& t) { t.seed = 2; })));
  CHECK(key != bundle_key(muon([](Trial& t) { t.kappa = 1; })));
}

TEST_CASE("a trial that cannot run names key, value and range") {
  CHECK(refusal(muon([](Trial& t) { t.d = 0; })) == "invalid d=0 (must be between 1 and 65536)");
  CHECK(refusal(muon([](Trial& t) { t.d = 65537; })) == "invalid d=65537 (must be between 1 and 65536)");
  CHECK(refusal(muon([](Trial& t) { t.items = 0; })) == "invalid items=0 (must be between 1 and 100000000)");
  for (double alpha : {-1.0, 0.0, not_a_number, infinite, 20.5})
    CHECK(refusal(muon([&](Trial& t) { t.alpha = alpha; })) ==
          "invalid alpha=" + to_text(alpha) + " (must be positive and at most 20)");
  CHECK(refusal(muon([](Trial& t) { t.seed = -1; })) == "invalid seed=-1 (must not be negative)");
  CHECK(refusal(muon([](Trial& t) { t.kappa = -0.5; })) == "invalid kappa=-0.5 (must be between 0 and 20)");
  CHECK(refusal(muon([](Trial& t) {
          t.optimizer = OptimizerKind::newton;
          t.steps = 2;
        })) == "invalid steps=2 (must be 1 for newton: its closed form holds at W = 0 only)");
  for (double bad : {0.0, -1.0, not_a_number, infinite})
    CHECK(refusal(muon([&](Trial& t) { t.eta = bad; })) ==
          "invalid eta=" + to_text(bad) + " (must be between 1e-100 and 1e100)");
  for (double bad : {-1.0, not_a_number, infinite})
    CHECK(refusal(muon([&](Trial& t) {
            t.optimizer = OptimizerKind::newton;
            t.ridge = bad;
          })) == "invalid ridge=" + to_text(bad) + " (must not be negative)");
  for (double bad : {-1.0, 0.0, 1.0, not_a_number})
    CHECK(refusal(newton_schulz([&](Trial& t) { t.ns_lower = bad; })) ==
          "invalid ns-lower=" + to_text(bad) + " (must be between 0 and 1, both excluded)");
  CHECK(refusal(newton_schulz([](Trial& t) { t.ns_steps = 0; })) == "invalid ns-steps=0 (must be between 1 and 1000)");
  CHECK(refusal(muon([](Trial& t) { t.orthogonalizer = Orthogonalizer::none; })).starts_with("invalid orthogonalizer"));
  CHECK(refusal(muon([](Trial& t) {
          t.d = 1;
          t.orthogonalizer = Orthogonalizer::regularized;
          t.lambda = not_a_number;
        })) == "invalid lambda=0 (must be positive, or auto where d is at least 2)");
}

TEST_CASE("a learning rate may be a multiple of sqrt(d)") {
  CHECK(learning_rate(muon([](Trial& t) { t.eta = 2; })) == 2);
  CHECK(learning_rate(muon([](Trial& t) {
          t.eta = 2;
          t.eta_scale = EtaScale::sqrt_d;
        })) == 16);
}

TEST_CASE("a method's name tells what makes it another method") {
  CHECK(method_name(canonical(muon())) == "muon");
  CHECK(method_name(canonical(newton_schulz())) == "muon newton-schulz polar-express 5");
  CHECK(method_name(canonical(muon([](Trial& t) { t.optimizer = OptimizerKind::gd; }))) == "gd");
}
