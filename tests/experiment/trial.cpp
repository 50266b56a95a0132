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
          "eta_scale=absolute eta_growth=1 eta_growth_scale=absolute stop_growth=0 stop_window=0 gradient=exact "
          "threshold=none threshold_value=0 orthogonalizer=svd lambda=0 ns_coefficients=none ns_steps=0 ns_lower=0 "
          "momentum=0 ridge=0 beta1=0 beta2=0 epsilon=0 loss_measure=none spectra_measure=none physics=2");
  CHECK(to_hex(id_of(muon())) == "ffdfe5f7bcb00876");
  CHECK(to_hex(id_of(newton_schulz())) == "c3a8e16e3ac11d7b");
}

TEST_CASE("a trial of physics version 1 keeps the identity that it had then") {
  Trial trial = canonical(muon()), iterated = canonical(newton_schulz());
  trial.physics = iterated.physics = 1;
  REQUIRE(canonical_text(trial) ==
          "model=gaussian d=64 items=100000 kappa=0 alpha=1.5 batch=inf seed=1 optimizer=muon steps=1 eta=1 "
          "eta_scale=absolute gradient=exact orthogonalizer=svd lambda=0 ns_coefficients=none ns_steps=0 ns_lower=0 "
          "ridge=0 physics=1");
  CHECK(to_hex(trial_id(trial)) == "0e6b0f65e189c1f5");
  CHECK(to_hex(trial_id(iterated)) == "6ab1ae65252870ca");
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
  CHECK(learning_rate(muon([](Trial& t) { t.eta = 2; }), 1) == 2);
  const Trial scaled = muon([](Trial& t) {
    t.eta = 2;
    t.eta_scale = EtaScale::sqrt_d;
  });
  CHECK(learning_rate(scaled, 1) == 16);
  CHECK(learning_rate(scaled, 7) == 16);
}

TEST_CASE("a learning rate may grow geometrically, by a number or a multiple of sqrt(d)") {
  Trial trial = muon([](Trial& t) {
    t.steps = 5;
    t.eta = 0.5;
    t.eta_growth = 3;
  });
  CHECK(learning_rate(trial, 1) == 0.5);
  CHECK(learning_rate(trial, 4) == Approx(0.5 * 27));
  trial.eta_growth_scale = EtaScale::sqrt_d;  // 3 * 8 at d = 64
  CHECK(learning_rate(trial, 3) == Approx(0.5 * 24 * 24));
}

TEST_CASE("what means nothing in one step from W = 0 does not matter there") {
  const auto many = [](Trial& t) {
    t.eta_growth = 2;
    t.eta_growth_scale = EtaScale::sqrt_d;
    t.stop_growth = 0.01;
    t.stop_window = 5;
    t.gradient = GradientKind::thresholded;
    t.threshold = ThresholdRule::margin;
    t.threshold_value = 2;
    t.momentum = 0.9;
  };
  CHECK(id_of(muon()) == id_of(muon(many)));
  std::set<std::uint64_t> ids;
  const auto two_steps = [&](const std::function<void(Trial&)>& change) {
    ids.insert(id_of(muon([&](Trial& t) {
      t.steps = 2;
      change(t);
    })));
  };
  two_steps([](Trial&) {});
  two_steps([](Trial& t) { t.eta_growth = 2; });
  two_steps([](Trial& t) { t.eta_growth_scale = EtaScale::sqrt_d; });
  for (std::int64_t window : {5, 6, 7, 8})  // of 7 steps: 5 may end it early, the others never do
    two_steps([&](Trial& t) {
      t.steps = 7;
      t.stop_growth = 0.01;
      t.stop_window = window;
    });
  two_steps([](Trial& t) { t.momentum = 0.9; });
  for (ThresholdRule rule :
       {ThresholdRule::argmax, ThresholdRule::margin, ThresholdRule::probability, ThresholdRule::rank})
    two_steps([&](Trial& t) {
      t.gradient = GradientKind::thresholded;
      t.threshold = rule;
      t.threshold_value = not_a_number;
    });
  two_steps([](Trial& t) {
    t.gradient = GradientKind::thresholded;
    t.threshold = ThresholdRule::margin;
    t.threshold_value = 2;
  });
  two_steps([](Trial& t) { t.loss_measure = LossMeasure::exact; });
  two_steps([](Trial& t) { t.spectra_measure = SpectraMeasure::final; });
  two_steps([](Trial& t) { t.batch = 64; });
  CHECK(ids.size() == 14);
}

TEST_CASE("automatic measures are resolved by what they cost") {
  const auto resolved = [](const std::function<void(Trial&)>& change) {
    return canonical(muon([&](Trial& t) {
      t.loss_measure = LossMeasure::automatic;
      t.spectra_measure = SpectraMeasure::automatic;
      change(t);
    }));
  };
  CHECK(resolved([](Trial&) {}).loss_measure == LossMeasure::none);
  CHECK(resolved([](Trial& t) { t.steps = 2; }).loss_measure == LossMeasure::exact);
  CHECK(resolved([](Trial& t) {
          t.steps = 2;
          t.batch = 64;
        }).loss_measure == LossMeasure::none);
  CHECK(resolved([](Trial& t) {
          t.steps = 2;
          t.gradient = GradientKind::thresholded;
          t.threshold = ThresholdRule::argmax;
        }).loss_measure == LossMeasure::none);
  CHECK(resolved([](Trial&) {}).spectra_measure == SpectraMeasure::final);
  CHECK(resolved([](Trial& t) { t.d = 2049; }).spectra_measure == SpectraMeasure::none);
}

TEST_CASE("batches, steps and optimizers of many steps name key, value and range") {
  for (double bad : {0.0, -1.0, 0.5, 1.5, 2e15, not_a_number, -infinite})
    CHECK(refusal(muon([&](Trial& t) { t.batch = bad; })) ==
          "invalid batch=" + to_text(bad) +
              " (must be a whole number between 1 and 1e15, or inf, the population gradient)");
  CHECK(refusal(muon([](Trial& t) { t.batch = 1e15; })) == "accepted");
  CHECK(refusal(muon([](Trial& t) { t.steps = 0; })) == "invalid steps=0 (must be between 1 and 1000000)");
  for (double bad : {-0.1, 1.0, not_a_number})
    CHECK(refusal(muon([&](Trial& t) {
            t.steps = 2;
            t.momentum = bad;
          })) == "invalid momentum=" + to_text(bad) + " (must be from 0 to below 1)");
  const auto adam = [](const std::function<void(Trial&)>& change) {
    return muon([&](Trial& t) {
      t.optimizer = OptimizerKind::adam;
      t.steps = 2;
      t.beta1 = 0.9;
      t.beta2 = 0.999;
      t.epsilon = 1e-8;
      change(t);
    });
  };
  CHECK(refusal(adam([](Trial&) {})) == "accepted");
  CHECK(refusal(adam([](Trial& t) { t.steps = 1; })) ==
        "invalid steps=1 (must be at least 2 for adam: its first step is signgd's)");
  CHECK(refusal(adam([](Trial& t) { t.beta1 = 1; })) == "invalid beta1=1 (must be from 0 to below 1)");
  CHECK(refusal(adam([](Trial& t) { t.beta2 = -1; })) == "invalid beta2=-1 (must be from 0 to below 1)");
  CHECK(refusal(adam([](Trial& t) { t.epsilon = 0; })) == "invalid epsilon=0 (must be between 1e-100 and 1e100)");
  CHECK(refusal(muon([](Trial& t) { t.stop_growth = 1.5; })) == "invalid stop-growth=1.5 (must be between 0 and 1)");
  CHECK(refusal(muon([](Trial& t) { t.eta_growth = 0; })) == "invalid eta-growth=0 (must be between 0.001 and 1000)");
  const auto threshold = [](ThresholdRule rule, double value) {
    return refusal(muon([&](Trial& t) {
      t.steps = 2;
      t.gradient = GradientKind::thresholded;
      t.threshold = rule;
      t.threshold_value = value;
    }));
  };
  CHECK(threshold(ThresholdRule::none, 0).starts_with("invalid threshold=none"));
  CHECK(threshold(ThresholdRule::margin, -1).starts_with("invalid threshold-value=-1 (must be between 0 and 1e100"));
  CHECK(threshold(ThresholdRule::probability, 0.4).starts_with("invalid threshold-value=0.4 (must be between 0.5"));
  CHECK(threshold(ThresholdRule::probability, 1).starts_with("invalid threshold-value=1 "));
  CHECK(threshold(ThresholdRule::rank, 0).starts_with("invalid threshold-value=0 (must be positive"));
  CHECK(refusal(muon([](Trial& t) {
          t.steps = 2;
          t.alpha = 0.5;
          t.gradient = GradientKind::thresholded;
          t.threshold = ThresholdRule::rank;
          t.threshold_value = 1;
        })).starts_with("invalid threshold=rank (must be argmax, margin or probability for alpha up to 0.5"));
  CHECK(refusal(muon([](Trial& t) {
          t.steps = 2;
          t.optimizer = OptimizerKind::signgd;
          t.gradient = GradientKind::thresholded;
          t.threshold = ThresholdRule::rank;
          t.threshold_value = 1;
        })).starts_with("invalid threshold=rank (must be argmax, margin or probability for signgd)"));
}

TEST_CASE("a method's name tells what makes it another method") {
  CHECK(method_name(canonical(muon())) == "muon");
  CHECK(method_name(canonical(newton_schulz())) == "muon newton-schulz polar-express 5");
  CHECK(method_name(canonical(muon([](Trial& t) { t.optimizer = OptimizerKind::gd; }))) == "gd");
}

TEST_CASE("orthogonal trials tell their own parameters, gaussian ones do not") {
  const auto orthogonal = [](const std::function<void(Trial&)>& change = [](Trial&) {}) {
    return muon([&](Trial& t) {
      t.model = ModelKind::orthogonal;
      change(t);
    });
  };
  CHECK(canonical_text(canonical(orthogonal())) ==
        "model=orthogonal d=64 items=64 kappa=0 alpha=1.5 frequencies=zipf groups=64 head_mass=0 head_share=0 "
        "label_noise=0 task_basis=identity representation=reduced batch=inf seed=0 optimizer=muon steps=1 eta=1 "
        "eta_scale=absolute eta_growth=1 eta_growth_scale=absolute stop_growth=0 stop_window=0 gradient=exact "
        "threshold=none threshold_value=0 orthogonalizer=svd lambda=0 ns_coefficients=none ns_steps=0 ns_lower=0 "
        "momentum=0 ridge=0 beta1=0 beta2=0 epsilon=0 loss_measure=exact spectra_measure=none physics=2");
  // texts one after the other do not mix models
  const std::string text = canonical_text(canonical(orthogonal()));
  canonical_text(canonical(muon()));
  CHECK(canonical_text(canonical(orthogonal())) == text);
  CHECK(to_hex(id_of(muon([](Trial& t) { t.groups = 8, t.label_noise = 0.5; }))) == "ffdfe5f7bcb00876");

  const auto signgd = [&](
                          TaskBasisKind basis, const std::function<void(Trial&)>& change = [](Trial&) {}) {
    return orthogonal([&](Trial& t) {
      t.d = 63;
      t.optimizer = OptimizerKind::signgd;
      t.task_basis = basis;
      change(t);
    });
  };
  CHECK(canonical(signgd(TaskBasisKind::identity)).representation == Representation::reduced);
  CHECK(canonical(signgd(TaskBasisKind::coupled)).representation == Representation::dense);
  CHECK(canonical(signgd(TaskBasisKind::coupled)).seed == 0);
  CHECK(canonical(signgd(TaskBasisKind::haar)).seed == 1);
  CHECK(refusal(signgd(TaskBasisKind::coupled, [](Trial& t) { t.d = 64; })) ==
        "invalid d=64 (must be a multiple of 3 for the coupled task basis)");
  CHECK(refusal(signgd(TaskBasisKind::haar, [](Trial& t) { t.representation = Representation::reduced; })) ==
        "invalid representation=reduced (must be dense or auto for signgd in task basis haar, which breaks the groups' "
        "symmetry)");
  // an update that turns with the basis does not see it, unless all of it is held
  const auto with_basis = [&](Representation representation) {
    return canonical(orthogonal([&](Trial& t) {
      t.task_basis = TaskBasisKind::haar;
      t.representation = representation;
    }));
  };
  CHECK(with_basis(Representation::automatic).task_basis == TaskBasisKind::identity);
  CHECK(with_basis(Representation::dense).task_basis == TaskBasisKind::haar);
  CHECK(refusal(orthogonal([](Trial& t) {
          t.optimizer = OptimizerKind::newton;
        })).starts_with("invalid optimizer=newton"));
  CHECK(refusal(muon([](Trial& t) { t.optimizer = OptimizerKind::tra_signgd; })) ==
        "invalid optimizer=tra-signgd (must be another for model = gaussian, which has no task basis)");
  CHECK(refusal(orthogonal([](Trial& t) { t.gradient = GradientKind::thresholded; })) ==
        "invalid gradient=thresholded (must be exact for model = orthogonal)");
  CHECK(refusal(orthogonal([](Trial& t) {
          t.orthogonalizer = Orthogonalizer::regularized;
          t.lambda = not_a_number;
        })) == "invalid lambda=auto (must be a positive number for model = orthogonal)");
  CHECK(refusal(orthogonal([](Trial& t) { t.d = 100'000'001; })) ==
        "invalid d=100000001 (must be between 1 and 100000000)");
  CHECK(refusal(orthogonal([](Trial& t) { t.d = 1'000'000; })) ==
        "invalid groups=1000000 (must be between 1 and 16384 where d is above 65536)");
  CHECK(refusal(signgd(TaskBasisKind::coupled, [](Trial& t) { t.d = 65538; })) ==
        "invalid d=65538 (must be between 1 and 65536 for representation = dense)");
  CHECK(canonical(orthogonal([](Trial& t) { t.d = 1'000'000, t.groups = 1000; })).representation ==
        Representation::reduced);
  CHECK(learning_rate(canonical(orthogonal([](Trial& t) {
                        t.steps = 10;
                        t.eta = 3;
                        t.eta_scale = EtaScale::log_d_over_steps;
                      })),
                      2) == Approx(3 * std::log(64.0) / 10).epsilon(1e-15));
  CHECK(refusal(orthogonal([](Trial& t) { t.d = 1, t.eta_scale = EtaScale::log_d_over_steps; })) ==
        "invalid d=1 (must be at least 2 where eta is a multiple of log(d)/steps)");
}
