#include <cmath>
#include <optional>
#include <vector>

#include "memscale/analysis/fit_files.hpp"
#include "memscale/analysis/trial_fields.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string safe = "\"";
  for (char c : text) safe.append(c == '"' ? 2 : 1, c);
  return safe + "\"";
}

std::string number(double value) {
  return std::isnan(value) ? "" : to_text(value);
}

std::string number(const std::optional<double>& value) {
  return value ? to_text(*value) : "";
}

std::string number(std::int64_t value) {
  return to_text(value);
}

std::string line(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text.append(text.empty() ? "" : ",").append(quoted(value));
  return text + "\n";
}

void append(std::vector<std::string>& row, const Estimate& e) {
  for (double value : {e.value, e.low, e.high, e.standard_error}) row.push_back(number(value));
}

bool has_own_column(std::string_view name) {
  return name == "d" || name == "alpha" || name == "seed";
}

}  // namespace

std::string cells_csv(const Aggregate& data) {
  std::vector<std::string> header{"method", "d", "alpha"};
  const Trial any;
  for_each_field(any, [&](const char* name, const auto&) {
    if (!has_own_column(name)) header.push_back(name);
  });
  for (const char* name : {"seeds", "mean_capacity", "standard_error", "mean_accuracy", "mean_prefix"})
    header.push_back(name);
  std::string text = line(header);
  for (const Family& family : data.families)
    for (const Series& series : family.series)
      for (const Cell& cell : series.cells) {
        std::vector<std::string> row{family.label, number(cell.trial.d), number(series.alpha)};
        for_each_field(cell.trial, [&](const char* name, const auto& value) {
          if (has_own_column(name)) return;
          if constexpr (NamedEnum<std::decay_t<decltype(value)>>)
            row.emplace_back(name_of(value));
          else
            row.push_back(to_text(value));
        });
        row.push_back(number(static_cast<std::int64_t>(cell.seeds.size())));
        for (double value : {cell.mean_capacity, cell.standard_error, cell.mean_accuracy, cell.mean_prefix})
          row.push_back(number(value));
        text += line(row);
      }
  return text;
}

std::string exponents_csv(const ScalingFit& fit) {
  std::string text =
      "method,alpha,C,low,high,standard_error,theory,log_factor,rms_residual,d_count,d_min,d_max,seeds_min,seeds_max\n";
  for (const FamilyFit& family : fit.families)
    for (const Exponent& e : family.exponents) {
      std::vector<std::string> row{family.label, number(e.alpha)};
      append(row, e.c);
      for (const std::string& value :
           {number(e.c.theory), number(e.log_factor), number(e.goodness.rms), number(e.d_count), number(e.d_min),
            number(e.d_max), number(e.seeds_min), number(e.seeds_max)})
        row.push_back(value);
      text += line(row);
    }
  return text;
}

std::string laws_csv(const ScalingFit& fit) {
  std::string text =
      "method,c1,c1_low,c1_high,c1_standard_error,c1_theory,c2,c2_low,c2_high,c2_standard_error,c2_theory,alphas\n";
  for (const FamilyFit& family : fit.families) {
    if (!family.law) continue;
    std::vector<std::string> row{family.label};
    append(row, family.law->c1);
    row.push_back(family.theory ? number(family.theory->c1) : "");
    append(row, family.law->c2);
    row.push_back(family.theory ? number(family.theory->c2) : "");
    row.push_back(number(family.law->alphas));
    text += line(row);
  }
  return text;
}

}  // namespace memscale
