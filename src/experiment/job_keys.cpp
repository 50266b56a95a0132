#include "memscale/experiment/job_keys.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <vector>

#include "memscale/core/error.hpp"

namespace memscale {

namespace {

/// [run] on-error: not an axis, one value that changes no trial.
Axis on_error(std::string_view key, std::string_view text) {
  if (text != "continue") throw invalid(key, text, "must be continue");
  return make_axis(std::vector<int>{0}, [](Trial&, int) {});
}

constexpr std::array keys{
    JobKey{"problem.model", "gaussian", enum_axis<&Trial::model>},
    JobKey{"problem.items", "100000", integer_axis<&Trial::items, 1, 100'000'000>},
    JobKey{"problem.kappa", "0", real_axis<&Trial::kappa>},
    JobKey{"grid.d", "", integer_axis<&Trial::d, 1, 65536>},
    JobKey{"grid.seed", "1", integer_axis<&Trial::seed, 0, std::numeric_limits<std::int64_t>::max()>},
    JobKey{"grid.alpha", "1.5", real_axis<&Trial::alpha>},
    JobKey{"grid.batch", "inf", real_axis<&Trial::batch>},
    JobKey{"grid.optimizer", "", enum_axis<&Trial::optimizer>},
    JobKey{"train.steps", "1", integer_axis<&Trial::steps, 1, 1'000'000>},
    JobKey{"train.eta", "1", eta_axis},
    JobKey{"train.eta-growth", "1", eta_growth_axis},
    JobKey{"train.gradient", "exact", enum_axis<&Trial::gradient>},
    JobKey{"train.threshold", "argmax", enum_axis<&Trial::threshold>},
    JobKey{"train.threshold-value", "auto", threshold_value_axis},
    JobKey{"train.stop-growth", "0", real_axis<&Trial::stop_growth>},
    JobKey{"train.stop-window", "10", stop_window_axis},
    JobKey{"measure.loss", "auto", enum_axis<&Trial::loss_measure>},
    JobKey{"measure.spectra", "auto", enum_axis<&Trial::spectra_measure>},
    JobKey{"muon.orthogonalizer", "svd", enum_axis<&Trial::orthogonalizer>},
    JobKey{"muon.ns-steps", "5", ns_steps_axis},
    JobKey{"muon.ns-coefficients", "jordan", enum_axis<&Trial::ns_coefficients>},
    JobKey{"muon.ns-lower", "1e-3", ns_lower_axis},
    JobKey{"muon.lambda", "auto", lambda_axis},
    JobKey{"muon.momentum", "0", momentum_axis},
    JobKey{"adam.beta1", "0.9", beta1_axis},
    JobKey{"adam.beta2", "0.999", beta2_axis},
    JobKey{"adam.epsilon", "1e-8", epsilon_axis},
    JobKey{"newton.ridge", "1e-8", ridge_axis},
    JobKey{"gd.eta", as_train, eta_axis},
    JobKey{"gd.eta-growth", as_train, eta_growth_axis},
    JobKey{"ngd.eta", as_train, eta_axis},
    JobKey{"ngd.eta-growth", as_train, eta_growth_axis},
    JobKey{"signgd.eta", as_train, eta_axis},
    JobKey{"signgd.eta-growth", as_train, eta_growth_axis},
    JobKey{"adam.eta", as_train, eta_axis},
    JobKey{"adam.eta-growth", as_train, eta_growth_axis},
    JobKey{"muon.eta", as_train, eta_axis},
    JobKey{"muon.eta-growth", as_train, eta_growth_axis},
    JobKey{"newton.eta", as_train, eta_axis},
    JobKey{"run.on-error", "continue", on_error},
};

/// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, above(b.size() + 1), row(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = above;
    std::swap(above, row);
  }
  return above[b.size()];
}

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
