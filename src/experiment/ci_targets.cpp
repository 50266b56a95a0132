#include "memscale/experiment/ci_targets.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/value_list.hpp"

namespace memscale {

namespace {

constexpr std::array names{std::pair{"C", &CiTargets::c}, std::pair{"c1", &CiTargets::c1},
                           std::pair{"c2", &CiTargets::c2}};

double parse_half_width(std::string_view text) {
  constexpr double none = 0;
  try {
    const double value = parse_double("target-ci", text);
    return std::isfinite(value) && value > 0 ? value : none;
  } catch (const InputError&) {
    return none;
  }
}

}  // namespace

CiTargets parse_ci_targets(std::string_view key, std::string_view text) {
  constexpr std::string_view why =
      "must be none, or positive half-widths of some of C, c1 and c2, each once, as C=0.02,c2=0.05";
  CiTargets targets;
  if (text == "none") return targets;
  for (std::string_view element : split_list(key, text)) {
    const auto equals = element.find('=');
    const auto target = std::find_if(names.begin(), names.end(), [&](const auto& known) {
      return trimmed(element.substr(0, equals)) == known.first;
    });
    if (equals == std::string_view::npos || target == names.end()) throw invalid(key, text, why);
    double& half_width = targets.*target->second;
    if (half_width < CiTargets::any_width) throw invalid(key, text, why);
    half_width = parse_half_width(trimmed(element.substr(equals + 1)));
    if (half_width == 0) throw invalid(key, text, why);
  }
  return targets;
}

void require_attainable(const CiTargets& targets, std::int64_t max_seeds, const std::vector<Trial>& trials) {
  std::set<std::int64_t> d;
  std::set<double> alpha;
  std::int64_t largest_seed = 0;
  for (const Trial& trial : trials) {
    if (trial.model == ModelKind::orthogonal)
      throw invalid("target-ci", "given", "must be none for model = orthogonal, which has no exponents of capacity");
    d.insert(trial.d);
    alpha.insert(trial.alpha);
    largest_seed = std::max(largest_seed, trial.seed);
  }
  const auto refuse = [&](const char* name, double value, const char* why) {
    throw invalid("target-ci", std::string(name) + "=" + to_text(value), why);
  };
  for (const auto& [name, target] : names) {
    const double value = targets.*target;
    if (value == CiTargets::any_width) continue;
    if (d.size() < 2) refuse(name, value, "needs two values of d in the job, for a slope");
    if (target != &CiTargets::c && alpha.size() < 2) refuse(name, value, "needs two values of alpha in the job");
  }
  if (largest_seed > std::numeric_limits<std::int64_t>::max() - max_seeds)
    throw invalid("seed", to_text(largest_seed), "must leave room for " + to_text(max_seeds) + " more: target-ci");
}

}  // namespace memscale
