#include "memscale/experiment/job_keys.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "memscale/core/edit_distance.hpp"
#include "memscale/core/error.hpp"
#include "memscale/experiment/run_policy.hpp"

namespace memscale {

namespace {

/// A key of [run]: not an axis, one value that changes no trial.
Axis policy_axis(std::string_view key, std::string_view text) {
  RunPolicy policy;
  set_policy(policy, key, text);
  return make_axis(std::vector<std::int64_t>{0}, [](Trial&, std::int64_t) {});
}

constexpr std::array keys{
    JobKey{"problem.model", "gaussian", enum_axis<&Trial::model>},
    JobKey{"problem.items", "100000", integer_axis<&Trial::items, 1, 100'000'000>, {"problem.model", "orthogonal"}},
    JobKey{"problem.kappa", "0", real_axis<&Trial::kappa>},
    JobKey{"problem.frequencies", "zipf", enum_axis<&Trial::frequencies>, {"problem.model", "gaussian"}},
    JobKey{"problem.groups", "each", groups_axis, {"problem.frequencies", "two-groups"}},
    JobKey{"problem.head-mass", "0.8", head_mass_axis, {"problem.frequencies", "zipf"}},
    JobKey{"problem.head-share", "0.2", head_share_axis, {"problem.frequencies", "zipf"}},
    JobKey{"problem.label-noise", "0", label_noise_axis, {"problem.model", "gaussian"}},
    JobKey{"problem.representation", "auto", given_enum_axis<&Trial::representation>, {"problem.model", "gaussian"}},
    JobKey{"grid.d", "", integer_axis<&Trial::d, 1, 100'000'000>},
    JobKey{"grid.seed", "1", integer_axis<&Trial::seed, 0, std::numeric_limits<std::int64_t>::max()>},
    JobKey{"grid.alpha", "1.5", real_axis<&Trial::alpha>},
    JobKey{"grid.batch", "inf", real_axis<&Trial::batch>},
    JobKey{"grid.optimizer", "", enum_axis<&Trial::optimizer>},
    JobKey{"grid.task-basis", "identity", given_enum_axis<&Trial::task_basis>},
    JobKey{"train.steps", "1", integer_axis<&Trial::steps, 1, 1'000'000>},
    JobKey{"train.eta", "1", eta_axis},
    JobKey{"train.eta-growth", "1", eta_growth_axis, {"train.steps", "1"}},
    JobKey{"train.gradient", "exact", enum_axis<&Trial::gradient>, {"train.steps", "1"}},
    JobKey{"train.threshold", "argmax", enum_axis<&Trial::threshold>, {"train.gradient", "exact"}},
    JobKey{"train.threshold-value", "auto", threshold_value_axis, {"train.threshold", "argmax"}},
    JobKey{"train.stop-growth", "0", real_axis<&Trial::stop_growth>, {"train.steps", "1"}},
    JobKey{"train.stop-window", "10", stop_window_axis, {"train.stop-growth", "0"}},
    JobKey{"measure.loss", "auto", enum_axis<&Trial::loss_measure>},
    JobKey{"measure.spectra", "auto", enum_axis<&Trial::spectra_measure>},
    JobKey{"muon.orthogonalizer", "svd", enum_axis<&Trial::orthogonalizer>},
    JobKey{"muon.ns-steps", "5", ns_steps_axis, {"muon.orthogonalizer", "svd,regularized"}},
    JobKey{"muon.ns-coefficients",
           "jordan",
           enum_axis<&Trial::ns_coefficients>,
           {"muon.orthogonalizer", "svd,regularized"}},
    JobKey{"muon.ns-lower", "1e-3", ns_lower_axis, {"muon.ns-coefficients", "jordan,cubic,quintic"}},
    JobKey{"muon.lambda", "auto", lambda_axis, {"muon.orthogonalizer", "svd,newton-schulz"}},
    JobKey{"muon.momentum", "0", momentum_axis, {"train.steps", "1"}},
    JobKey{"adam.beta1", "0.9", beta1_axis},
    JobKey{"adam.beta2", "0.999", beta2_axis},
    JobKey{"adam.epsilon", "1e-8", epsilon_axis},
    JobKey{"newton.ridge", "1e-8", ridge_axis},
    JobKey{"gd.eta", as_train, eta_axis},
    JobKey{"gd.eta-growth", as_train, eta_growth_axis, {"train.steps", "1"}},
    JobKey{"ngd.eta", as_train, eta_axis},
    JobKey{"ngd.eta-growth", as_train, eta_growth_axis, {"train.steps", "1"}},
    JobKey{"signgd.eta", as_train, eta_axis},
    JobKey{"signgd.eta-growth", as_train, eta_growth_axis, {"train.steps", "1"}},
    JobKey{"tra-signgd.eta", as_train, eta_axis},
    JobKey{"tra-signgd.eta-growth", as_train, eta_growth_axis, {"train.steps", "1"}},
    JobKey{"adam.eta", as_train, eta_axis},
    JobKey{"adam.eta-growth", as_train, eta_growth_axis, {"train.steps", "1"}},
    JobKey{"muon.eta", as_train, eta_axis},
    JobKey{"muon.eta-growth", as_train, eta_growth_axis, {"train.steps", "1"}},
    JobKey{"newton.eta", as_train, eta_axis},
    JobKey{"run.on-error", "continue", policy_axis},
    JobKey{"run.max-fails", "none", policy_axis},
    JobKey{"run.retry", "0", policy_axis},
    JobKey{"run.trial-timeout", "none", policy_axis},
    JobKey{"run.ranks-per-trial", "1", policy_axis},
    JobKey{"run.walltime", "none", policy_axis},
    JobKey{"run.grace", "60s", policy_axis},
    JobKey{"run.checkpoint", "10m", policy_axis},
    JobKey{"run.quarantine", "3", policy_axis},
    JobKey{"run.target-ci", "none", policy_axis},
    JobKey{"run.max-seeds", "64", policy_axis},
};

/// How far `name` is from `key`; a right leaf in a wrong section is near.
std::size_t distance(std::string_view name, const JobKey& key) {
  constexpr std::size_t wrong_section = 2;
  const std::string_view leaf = name.substr(name.rfind('.') + 1);  // npos + 1 = 0: no section at all
  return std::min(edit_distance(name, key.name), edit_distance(leaf, key.leaf()) + wrong_section);
}

}  // namespace

std::span<const JobKey> job_keys() {
  return keys;
}

bool is_section(std::string_view name) {
  return std::any_of(keys.begin(), keys.end(), [&](const JobKey& key) { return key.section() == name; });
}

std::string joined_sections() {
  std::vector<std::string_view> sections;
  std::string all;
  for (const JobKey& key : keys) {
    if (std::find(sections.begin(), sections.end(), key.section()) != sections.end()) continue;
    sections.push_back(key.section());
    all.append(all.empty() ? "[" : ", [").append(key.section()).append("]");
  }
  return all;
}

std::string unknown_key_message(std::string_view name) {
  const std::string_view shown = name.substr(0, 100);  // a name longer than any key is as far from all of them
  const auto nearest = std::min_element(keys.begin(), keys.end(), [&](const JobKey& a, const JobKey& b) {
    return distance(shown, a) < distance(shown, b);
  });
  return "unknown key " + printable(name) + " (did you mean " + std::string(nearest->name) + "?)";
}

}  // namespace memscale
