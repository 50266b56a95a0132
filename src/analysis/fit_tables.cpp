#include "memscale/analysis/fit_tables.hpp"

#include <cmath>
#include <limits>

namespace memscale {

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// A column of f(row).
template <class Rows, class F>
DataColumn column(std::string name, const Rows& rows, F&& f) {
  using Value = std::remove_cvref_t<decltype(f(*rows.begin()))>;
  std::vector<Value> values;
  values.reserve(rows.size());
  for (const auto& row : rows) values.push_back(f(row));
  return {std::move(name), std::move(values)};
}

Estimate corrected_of(const LawRow& row) {
  return row.value.corrected.value_or(Estimate{});
}

/// A cell and where it belongs.
struct PlacedCell {
  const Family* family;
  const Cell* cell;
};

std::vector<PlacedCell> all_cells(const Aggregate& data) {
  std::vector<PlacedCell> cells;
  for (const Family& family : data.families)
    for (const Series& series : family.series)
      for (const Cell& cell : series.cells) cells.push_back({&family, &cell});
  return cells;
}

/// Of those that were measured.
double mean_loss(const Cell& cell) {
  double sum = 0, count = 0;
  for (double loss : cell.losses)
    if (!std::isnan(loss)) sum += loss, ++count;
  return count > 0 ? sum / count : none;
}

/// One column for each parameter that has none of its own.
void append_parameters(const std::vector<PlacedCell>& cells, std::vector<DataColumn>& columns) {
  const std::size_t first = columns.size();
  for (const PlacedCell& placed : cells) {
    std::size_t at = first;
    for_each_field(placed.cell->trial, [&]<class T>(std::string_view name, const T& value) {
      if (name == "d" || name == "alpha" || name == "seed") return;
      using Value = std::conditional_t<NamedEnum<T>, std::string, T>;
      if (at == columns.size()) columns.push_back({std::string(name), std::vector<Value>()});
      auto& values = std::get<std::vector<Value>>(columns[at++].values);
      if constexpr (NamedEnum<T>)
        values.emplace_back(name_of(value));
      else
        values.push_back(value);
    });
  }
}

DataTable stores_data(const FitSource& source) {
  const auto& stores = source.stores;
  return {"stores",
          {},
          {column("store", stores, [](const StoreSource& s) { return s.path; }),
           column("version", stores, [](const StoreSource& s) { return s.version; }),
           column("command_line", stores, [](const StoreSource& s) { return s.command_line; }),
           column("job_text", stores, [](const StoreSource& s) { return s.job_text; })}};
}

struct PlacedSlope {
  std::string method;
  double alpha, d_low, d_high;
  Estimate slope;
};

}  // namespace

DataTable fits_data(std::span<const LawRow> rows) {
  DataTable table{"fits", {{"verdict_rule", std::string(verdict_rule)}}, {}};
  const auto add = [&](const char* name, auto&& f) { table.columns.push_back(column(name, rows, f)); };
  add("law", [](const LawRow& r) { return r.law; });
  add("key", [](const LawRow& r) { return r.key; });
  add("method", [](const LawRow& r) { return r.method; });
  add("alpha", [](const LawRow& r) { return r.alpha; });
  add("d", [](const LawRow& r) { return r.d; });
  add("steps", [](const LawRow& r) { return r.steps; });
  add("parameter", [](const LawRow& r) { return r.parameter; });
  add("value", [](const LawRow& r) { return r.value.value; });
  add("low", [](const LawRow& r) { return r.value.low; });
  add("high", [](const LawRow& r) { return r.value.high; });
  add("standard_error", [](const LawRow& r) { return r.value.standard_error; });
  add("fit_low", [](const LawRow& r) { return r.value.by_fit.low; });
  add("fit_high", [](const LawRow& r) { return r.value.by_fit.high; });
  add("fit_standard_error", [](const LawRow& r) { return r.value.by_fit.standard_error; });
  add("log_factor", [](const LawRow& r) { return r.log_factor; });
  add("theory", [](const LawRow& r) { return r.value.theory.value_or(none); });
  add("corrected", [](const LawRow& r) { return corrected_of(r).value; });
  add("corrected_low", [](const LawRow& r) { return corrected_of(r).low; });
  add("corrected_high", [](const LawRow& r) { return corrected_of(r).high; });
  add("difference", [](const LawRow& r) { return r.value.difference; });
  add("verdict", [](const LawRow& r) { return std::string(name_of(r.value.verdict)); });
  add("points", [](const LawRow& r) { return r.goodness.points; });
  add("parameters", [](const LawRow& r) { return r.goodness.parameters; });
  add("rms", [](const LawRow& r) { return r.goodness.rms; });
  add("r_squared", [](const LawRow& r) { return r.goodness.r_squared; });
  add("reduced_chi_squared", [](const LawRow& r) { return r.goodness.reduced_chi_squared; });
  add("p_value", [](const LawRow& r) { return r.goodness.p_value; });
  return table;
}

DataTable cells_data(const Aggregate& data) {
  const std::vector<PlacedCell> cells = all_cells(data);
  DataTable table{"cells", {}, {}};
  const auto add = [&](const char* name, auto&& f) { table.columns.push_back(column(name, cells, f)); };
  add("method", [](const PlacedCell& p) { return p.family->label; });
  add("d", [](const PlacedCell& p) { return p.cell->trial.d; });
  add("alpha", [](const PlacedCell& p) { return p.cell->trial.alpha; });
  append_parameters(cells, table.columns);
  add("seeds", [](const PlacedCell& p) { return static_cast<std::int64_t>(p.cell->seeds.size()); });
  add("mean_capacity", [](const PlacedCell& p) { return p.cell->mean_capacity; });
  add("standard_error", [](const PlacedCell& p) { return p.cell->standard_error; });
  add("mean_accuracy", [](const PlacedCell& p) { return p.cell->mean_accuracy; });
  add("mean_prefix", [](const PlacedCell& p) { return p.cell->mean_prefix; });
  add("mean_loss", [](const PlacedCell& p) { return mean_loss(*p.cell); });
  return table;
}

DataTable local_slopes_data(const ScalingFit& fit) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  std::vector<PlacedSlope> slopes;
  for (const FamilyFit& family : fit.families)
    for (const Exponent& e : family.exponents) {
      for (const LocalSlope& local : e.local)
        slopes.push_back(
            {family.label, e.alpha, static_cast<double>(local.d_low), static_cast<double>(local.d_high), local.slope});
      if (e.extrapolated) slopes.push_back({family.label, e.alpha, infinite, infinite, *e.extrapolated});
    }
  DataTable table{"local_slopes", {}, {}};
  const auto add = [&](const char* name, auto&& f) { table.columns.push_back(column(name, slopes, f)); };
  add("method", [](const PlacedSlope& s) { return s.method; });
  add("alpha", [](const PlacedSlope& s) { return s.alpha; });
  add("d_low", [](const PlacedSlope& s) { return s.d_low; });
  add("d_high", [](const PlacedSlope& s) { return s.d_high; });
  add("slope", [](const PlacedSlope& s) { return s.slope.value; });
  add("low", [](const PlacedSlope& s) { return s.slope.low; });
  add("high", [](const PlacedSlope& s) { return s.slope.high; });
  add("standard_error", [](const PlacedSlope& s) { return s.slope.standard_error; });
  return table;
}

std::vector<DataTable> all_data(const Analysis& analysis, const FitTables& made) {
  std::vector<DataTable> tables;
  const std::span<const LawRow> rows = analysis.rows;
  for (std::size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
    while (end < rows.size() && rows[end].key == rows[begin].key) ++end;
    DataTable table = fits_data(rows.subspan(begin, end - begin));
    table.name = "fits/" + rows[begin].key;
    table.attributes.emplace_back("law", rows[begin].law);
    table.columns.erase(table.columns.begin(), table.columns.begin() + 2);  // law and key, which are all the same
    tables.push_back(std::move(table));
  }
  tables.push_back(made.local_slopes);
  tables.push_back(made.cells);
  tables.push_back(stores_data(analysis.source));
  return tables;
}

}  // namespace memscale
