#include <cmath>
#include <nlohmann/json.hpp>

#include "memscale/analysis/fit_files.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json number(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json estimate_json(const Estimate& e) {
  return {{"value", number(e.value)},
          {"low", number(e.low)},
          {"high", number(e.high)},
          {"standard_error", number(e.standard_error)}};
}

Json trial_json(const Trial& trial) {
  Json fields = Json::object();
  for_each_field(trial, [&](const char* name, const auto& value) {
    using Value = std::decay_t<decltype(value)>;
    if (std::string_view(name) == "seed") return;
    if constexpr (NamedEnum<Value>)
      fields[name] = std::string(name_of(value));
    else if constexpr (std::is_floating_point_v<Value>)
      fields[name] = std::isfinite(value) ? Json(value) : Json(to_text(value));
    else
      fields[name] = value;
  });
  return fields;
}

Json cell_json(const Cell& cell) {
  return {{"trial", trial_json(cell.trial)},
          {"seeds", cell.seeds},
          {"capacities", cell.capacities},
          {"mean_capacity", number(cell.mean_capacity)},
          {"standard_error", number(cell.standard_error)},
          {"mean_accuracy", number(cell.mean_accuracy)},
          {"mean_prefix", number(cell.mean_prefix)},
          {"cut_short", cell.cut_short}};
}

Json exponent_json(const Exponent& e) {
  return {{"alpha", number(e.alpha)},
          {"C", estimate_json(e.c)},
          {"theory", number(e.c.theory)},
          {"log_factor", e.log_factor},
          {"rms_residual", number(e.goodness.rms)},
          {"d_count", e.d_count},
          {"d_min", e.d_min},
          {"d_max", e.d_max},
          {"seeds_min", e.seeds_min},
          {"seeds_max", e.seeds_max}};
}

Json law_json(const FamilyFit& fit) {
  if (!fit.law) return nullptr;
  return {{"c1", estimate_json(fit.law->c1)}, {"c2", estimate_json(fit.law->c2)}, {"alphas", fit.law->alphas}};
}

Json theory_json(const FamilyFit& fit) {
  if (!fit.theory) return nullptr;
  return {{"c1", fit.theory->c1}, {"c2", fit.theory->c2}};
}

Json family_json(const Family& family, const FamilyFit& fit) {
  Json exponents = Json::array(), cells = Json::array();
  for (const Exponent& e : fit.exponents) exponents.push_back(exponent_json(e));
  for (const Series& series : family.series)
    for (const Cell& cell : series.cells) cells.push_back(cell_json(cell));
  return {{"method", family.label},
          {"law", law_json(fit)},
          {"theory", theory_json(fit)},
          {"exponents", std::move(exponents)},
          {"cells", std::move(cells)}};
}

Json cost_json(const CostSummary& cost) {
  return {{"core_hours", number(cost.core_hours)},
          {"share_embeddings", number(cost.embeddings)},
          {"share_gradient", number(cost.gradient)},
          {"share_update", number(cost.update)},
          {"share_capacity", number(cost.capacity)},
          {"share_measures", number(cost.measures)},
          {"share_blas", number(cost.blas)},
          {"peak_memory_bytes", cost.peak_memory},
          {"hosts", cost.hosts},
          {"blas_kernels", cost.blas_kernels}};
}

}  // namespace

std::string fit_json(const Aggregate& data, const ScalingFit& fit, const CostSummary& cost, const FitSource& source) {
  Json common = Json::object(), families = Json::array(), notes = Json::array();
  for (const auto& [name, value] : data.common) common[name] = value;
  for (std::size_t i = 0; i < data.families.size(); ++i)
    families.push_back(family_json(data.families[i], fit.families[i]));
  for (const std::string& note : data.notes) notes.push_back(note);
  for (const std::string& note : fit.notes) notes.push_back(note);
  const Json all{{"program", std::string("memscale-fit ") + MEMSCALE_VERSION},
                 {"store", source.store},
                 {"provenance",
                  {{"version", source.version}, {"command_line", source.command_line}, {"job_text", source.job_text}}},
                 {"counts", {{"finished", data.finished}, {"diverged", data.diverged}, {"failed", data.failed}}},
                 {"common", std::move(common)},
                 {"interval", "95 %, bootstrap over seeds (1000 resamples), Student's t for few seeds"},
                 {"families", std::move(families)},
                 {"notes", std::move(notes)},
                 {"cost", cost_json(cost)}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace memscale
