#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "memscale/analysis/fit_files.hpp"
#include "memscale/analysis/fit_tables.hpp"
#include "memscale/analysis/trial_fields.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Json number(double value) {
  if (std::isinf(value)) return to_text(value);
  return std::isnan(value) ? Json(nullptr) : Json(value);
}

void append_value(const std::string& value, std::string& text) {
  text += dumped(value);
}

void append_value(double value, std::string& text) {
  if (std::isnan(value))
    text += "null";
  else
    text += std::isinf(value) ? "\"" + to_text(value) + "\"" : to_text(value);
}

void append_value(std::int64_t value, std::string& text) {
  text += to_text(value);
}

/// [{"COLUMN": VALUE, ...}, ...], a line each: without a tree of nodes, as there may be 1e5 rows.
std::string rows_text(const DataTable& table, bool (*is_shown)(const DataColumn&)) {
  std::vector<const DataColumn*> columns;
  for (const DataColumn& column : table.columns)
    if (is_shown(column)) columns.push_back(&column);
  std::string text = "[";
  for (std::size_t row = 0; row < table.rows(); ++row) {
    text += row == 0 ? "\n    {" : ",\n    {";
    for (const DataColumn* column : columns) {
      if (column != columns.front()) text += ", ";
      text.append("\"").append(column->name).append("\": ");
      std::visit([&](const auto& values) { append_value(values[row], text); }, column->values);
    }
    text += '}';
  }
  return text + (table.rows() == 0 ? "]" : "\n  ]");
}

/// Cells have no parameters here: their method has them.
bool is_of_cell(const DataColumn& column) {
  constexpr std::string_view shown[] = {
      "method", "d", "alpha", "seeds", "mean_capacity", "standard_error", "mean_accuracy", "mean_prefix", "mean_loss"};
  return std::find(std::begin(shown), std::end(shown), column.name) != std::end(shown);
}

Json parameters_json(const Trial& trial) {
  Json fields = Json::object();
  for_each_field(trial, [&](const char* name, const auto& value) {
    using Value = std::decay_t<decltype(value)>;
    if (field_role(name) == FieldRole::axis) return;
    if constexpr (NamedEnum<Value>)
      fields[name] = std::string(name_of(value));
    else if constexpr (std::is_floating_point_v<Value>)
      fields[name] = number(value);
    else
      fields[name] = value;
  });
  if (has_automatic_lambda(trial)) fields["lambda"] = "auto";
  return fields;
}

Json methods_json(const Aggregate& data) {
  Json methods = Json::array();
  for (const Family& family : data.families)
    methods.push_back({{"method", family.label}, {"parameters", parameters_json(family.trial)}});
  return methods;
}

Json stores_json(const FitSource& source) {
  Json stores = Json::array();
  for (const StoreSource& store : source.stores)
    stores.push_back({{"path", store.path},
                      {"version", store.version},
                      {"command_line", store.command_line},
                      {"job_text", store.job_text}});
  return stores;
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
          {"blas_kernels", cost.blas_kernels},
          {"softmax_kernels", cost.softmax_kernels}};
}

Json head_json(const Analysis& a) {
  Json common = Json::object();
  for (const auto& [name, value] : a.data.common) common[name] = value;
  const FitOptions& options = a.laws.options;
  Json head = {
      {"program", std::string("memscale-fit ") + MEMSCALE_VERSION},
      {"stores", stores_json(a.source)},
      {"counts", {{"finished", a.data.finished}, {"diverged", a.data.diverged}, {"failed", a.data.failed}}},
      {"seeds", a.seeds_text()},
      {"options",
       {{"min_seeds", options.min_seeds}, {"min_capacity", options.min_capacity}, {"resamples", options.resamples}}},
      {"common", std::move(common)},
      {"interval", "95 %, bootstrap over seeds, Student's t for few seeds"},
      {"verdict_rule", std::string(verdict_rule)},
      {"methods", methods_json(a.data)}};
  if (a.data.orthogonal.empty()) return head;
  head["counts"]["orthogonal"] = a.data.orthogonal.size();
  head["orthogonal_rule"] = std::string(orthogonal_rule);
  return head;
}

}  // namespace

std::string fit_json(const Analysis& a, const FitTables& tables) {
  std::string text = dumped(head_json(a), 2);
  text.resize(text.rfind("\n}"));
  const auto add = [&](const char* name, const std::string& value) {
    text.append(",\n  \"").append(name).append("\": ").append(value);
  };
  const auto all = [](const DataColumn&) { return true; };
  add("fits", rows_text(tables.fits, all));
  add("local_slopes", rows_text(tables.local_slopes, all));
  add("cells", rows_text(tables.cells, is_of_cell));
  add("notes", dumped(a.notes()));
  add("cost", dumped(cost_json(a.cost)));
  return text + "\n}\n";
}

}  // namespace memscale
