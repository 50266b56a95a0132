#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include "memscale/core/enum_names.hpp"
#include "memscale/linalg/newton_schulz_coefficients.hpp"
#include "memscale/optim/optimizer_kind.hpp"

namespace memscale {

/// Raised whenever the same parameters would give other results.
inline constexpr std::int64_t physics_version = 1;

enum class ModelKind { gaussian };

template <>
struct EnumNames<ModelKind> {
  static constexpr std::array<std::string_view, 1> names{"gaussian"};
};

/// What eta is a multiple of.
enum class EtaScale { absolute, sqrt_d };

template <>
struct EnumNames<EtaScale> {
  static constexpr std::array<std::string_view, 2> names{"absolute", "sqrt-d"};
};

enum class GradientKind { exact };

template <>
struct EnumNames<GradientKind> {
  static constexpr std::array<std::string_view, 1> names{"exact"};
};

/// One simulation: every parameter that affects its result. Fields that do not apply hold 0 or `none` (see canonical).
struct Trial {
  ModelKind model = ModelKind::gaussian;
  std::int64_t d = 64;
  std::int64_t items = 100000;  ///< N
  double kappa = 0;             ///< exponent of the input covariance's eigenvalues, k^-kappa; 0 = isotropic
  double alpha = 1.5;           ///< Zipf exponent
  double batch = std::numeric_limits<double>::infinity();  ///< B; infinity = population gradient
  std::int64_t seed = 1;
  OptimizerKind optimizer = OptimizerKind::muon;
  std::int64_t steps = 1;
  double eta = 1;
  EtaScale eta_scale = EtaScale::absolute;
  GradientKind gradient = GradientKind::exact;
  Orthogonalizer orthogonalizer = Orthogonalizer::svd;
  double lambda = 0;  ///< regularized msgn; NaN before canonical() = the paper's choice
  NewtonSchulzSet ns_coefficients = NewtonSchulzSet::none;
  std::int64_t ns_steps = 0;
  double ns_lower = 0;
  double ridge = 0;

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
  f("batch", trial.batch);
  f("seed", trial.seed);
  f("optimizer", trial.optimizer);
  f("steps", trial.steps);
  f("eta", trial.eta);
  f("eta_scale", trial.eta_scale);
  f("gradient", trial.gradient);
  f("orthogonalizer", trial.orthogonalizer);
  f("lambda", trial.lambda);
  f("ns_coefficients", trial.ns_coefficients);
  f("ns_steps", trial.ns_steps);
  f("ns_lower", trial.ns_lower);
  f("ridge", trial.ridge);
}

/// `trial` with the fields that its optimizer ignores set to 0 or `none` and automatic values resolved. Numbers that
/// agree by chance (eta = 8 and eta = sqrt(d) at d = 64) stay different trials. Throws InputError naming the key, the
/// value and the range for a trial that cannot run.
Trial canonical(Trial trial);

/// "model=gaussian d=64 items=100000 ..." of a canonical trial.
std::string canonical_text(const Trial& trial);

/// 64-bit identity: XXH3 of the canonical text and the physics version. Never depends on the place in a grid.
std::uint64_t trial_id(const Trial& trial);

/// Key of the trials that share embeddings: equal for equal (model, d, items, kappa, seed).
std::uint64_t bundle_key(const Trial& trial);

/// The learning rate: eta, or eta sqrt(d).
double learning_rate(const Trial& trial);

/// The optimizer and those of its parameters that make it another method: "gd", "muon", "muon regularized",
/// "muon newton-schulz jordan 5".
std::string method_name(const Trial& trial);

}  // namespace memscale
