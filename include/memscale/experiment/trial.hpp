#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include "memscale/core/enum_names.hpp"
#include "memscale/experiment/eta.hpp"
#include "memscale/linalg/newton_schulz_coefficients.hpp"
#include "memscale/model/frequencies.hpp"
#include "memscale/model/task_basis_kind.hpp"
#include "memscale/optim/optimizer_kind.hpp"

namespace memscale {

/// Raised whenever the same parameters would give other results, rounding aside: kernels of other CPUs round otherwise.
inline constexpr std::int64_t physics_version = 2;

/// gaussian: N random embeddings in d dimensions (arXiv 2603.26554); orthogonal: K = d orthonormal pairs (arXiv
/// 2602.05725, 2509.26030).
enum class ModelKind { gaussian, orthogonal };

template <>
struct EnumNames<ModelKind> {
  static constexpr std::array<std::string_view, 2> names{"gaussian", "orthogonal"};
};

/// What an orthogonal memory's W is held as: all K^2 numbers, or, where groups of items of equal frequency keep it
/// block symmetric, one number for each pair of groups and each group's diagonal. automatic: reduced where it is exact.
enum class Representation { none, dense, reduced, automatic };

template <>
struct EnumNames<Representation> {
  static constexpr std::array<std::string_view, 4> names{"none", "dense", "reduced", "auto"};
};

/// exact: the softmax's; thresholded: recovered items are dropped, the others as at W = 0 (arXiv 2603.26554).
enum class GradientKind { exact, thresholded };

template <>
struct EnumNames<GradientKind> {
  static constexpr std::array<std::string_view, 2> names{"exact", "thresholded"};
};

/// Which items the thresholded gradient drops: recovered ones; those recovered by a margin of scores; those whose
/// correct output has at least some probability; those of a rank up to a multiple of the predicted capacity.
enum class ThresholdRule { none, argmax, margin, probability, rank };

template <>
struct EnumNames<ThresholdRule> {
  static constexpr std::array<std::string_view, 5> names{"none", "argmax", "margin", "probability", "rank"};
};

/// Whether the population loss of the final W is measured, which costs N^2 d; automatic: where steps already cost more.
enum class LossMeasure { none, exact, automatic };

template <>
struct EnumNames<LossMeasure> {
  static constexpr std::array<std::string_view, 3> names{"none", "exact", "auto"};
};

/// Whether the singular values of the last update and of W are measured; automatic: up to d = 2048.
enum class SpectraMeasure { none, final, automatic };

template <>
struct EnumNames<SpectraMeasure> {
  static constexpr std::array<std::string_view, 3> names{"none", "final", "auto"};
};

/// One simulation: every parameter that affects its result. Fields that do not apply hold 0 or `none` (see canonical).
struct Trial {
  ModelKind model = ModelKind::gaussian;
  std::int64_t d = 64;
  std::int64_t items = 100000;  ///< N
  double kappa = 0;             ///< exponent of the input covariance's eigenvalues, k^-kappa; 0 = isotropic
  double alpha = 1.5;           ///< Zipf exponent of the items, or of an orthogonal memory's groups (its beta)
  FrequencyKind frequencies = FrequencyKind::zipf;
  std::int64_t groups = 0;  ///< M, of an orthogonal memory; 0 before canonical() = every item is its own group
  double head_mass = 0;     ///< a of two groups: frequency of all items of the first
  double head_share = 0;    ///< b of two groups: share of the items that are in the first
  double label_noise = 0;   ///< of an orthogonal memory: the target is this much of the uniform distribution
  TaskBasisKind task_basis = TaskBasisKind::none;          ///< of an orthogonal memory: E and E~
  Representation representation = Representation::none;    ///< of an orthogonal memory
  double batch = std::numeric_limits<double>::infinity();  ///< B; infinity = population gradient
  std::int64_t seed = 1;
  OptimizerKind optimizer = OptimizerKind::muon;
  std::int64_t steps = 1;
  double eta = 1;  ///< of the first step
  EtaScale eta_scale = EtaScale::absolute;
  double eta_growth = 1;  ///< factor from one step's eta to the next one's
  EtaScale eta_growth_scale = EtaScale::absolute;
  double stop_growth = 0;  ///< stop when capacity grew by less than this fraction over stop_window steps; 0 = never
  std::int64_t stop_window = 0;  ///< steps
  GradientKind gradient = GradientKind::exact;
  ThresholdRule threshold = ThresholdRule::none;
  double threshold_value = 0;  ///< margin, probability or multiple; NaN before canonical() = the rule's own choice
  Orthogonalizer orthogonalizer = Orthogonalizer::svd;
  double lambda = 0;  ///< regularized msgn; NaN before canonical() = the paper's choice
  NewtonSchulzSet ns_coefficients = NewtonSchulzSet::none;
  std::int64_t ns_steps = 0;
  double ns_lower = 0;
  double momentum = 0;  ///< muon's mu: M <- mu M + G
  double ridge = 0;
  double beta1 = 0;    ///< adam
  double beta2 = 0;    ///< adam
  double epsilon = 0;  ///< adam
  LossMeasure loss_measure = LossMeasure::none;
  SpectraMeasure spectra_measure = SpectraMeasure::none;
  std::int64_t physics = physics_version;  ///< of the program that computes it

  bool operator==(const Trial&) const = default;
};

/// Calls f(name, field) for each field, in the order of the canonical text. The one list of parameters: identity,
/// messages, journal and store columns all come from here.
template <class T, class F>
requires std::is_same_v<std::remove_const_t<T>, Trial>
void for_each_field(T& trial, F&& f) {
  f("model", trial.model);
  f("d", trial.d);
  f("items", trial.items);
  f("kappa", trial.kappa);
  f("alpha", trial.alpha);
  f("frequencies", trial.frequencies);
  f("groups", trial.groups);
  f("head_mass", trial.head_mass);
  f("head_share", trial.head_share);
  f("label_noise", trial.label_noise);
  f("task_basis", trial.task_basis);
  f("representation", trial.representation);
  f("batch", trial.batch);
  f("seed", trial.seed);
  f("optimizer", trial.optimizer);
  f("steps", trial.steps);
  f("eta", trial.eta);
  f("eta_scale", trial.eta_scale);
  f("eta_growth", trial.eta_growth);
  f("eta_growth_scale", trial.eta_growth_scale);
  f("stop_growth", trial.stop_growth);
  f("stop_window", trial.stop_window);
  f("gradient", trial.gradient);
  f("threshold", trial.threshold);
  f("threshold_value", trial.threshold_value);
  f("orthogonalizer", trial.orthogonalizer);
  f("lambda", trial.lambda);
  f("ns_coefficients", trial.ns_coefficients);
  f("ns_steps", trial.ns_steps);
  f("ns_lower", trial.ns_lower);
  f("momentum", trial.momentum);
  f("ridge", trial.ridge);
  f("beta1", trial.beta1);
  f("beta2", trial.beta2);
  f("epsilon", trial.epsilon);
  f("loss_measure", trial.loss_measure);
  f("spectra_measure", trial.spectra_measure);
  f("physics", trial.physics);
}

/// `trial` with the fields that its optimizer ignores set to 0 or `none` and automatic values resolved. Numbers that
/// agree by chance (eta = 8 and eta = sqrt(d) at d = 64) stay different trials. Throws InputError naming the key, the
/// value and the range for a trial that cannot run.
Trial canonical(Trial trial);

/// "model=gaussian d=64 items=100000 ... physics=2" of a canonical trial: the fields that its model and its physics
/// version know.
std::string canonical_text(const Trial& trial);

/// 64-bit identity: XXH3 of the canonical text. Never depends on the place in a grid.
std::uint64_t trial_id(const Trial& trial);

/// Key of the trials that share embeddings: equal for equal (model, d, items, kappa, task_basis, seed).
std::uint64_t bundle_key(const Trial& trial);

/// The learning rate of step 1, 2, ...: eta growth^(step - 1), each in its units.
double learning_rate(const Trial& trial, std::int64_t step);

/// The optimizer and those of its parameters that make it another method: "gd", "muon", "muon regularized",
/// "muon newton-schulz jordan 5".
std::string method_name(const Trial& trial);

}  // namespace memscale
