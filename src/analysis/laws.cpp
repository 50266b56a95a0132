#include "memscale/analysis/laws.hpp"

#include <limits>

namespace memscale {

std::vector<std::string> Laws::notes() const {
  std::vector<std::string> all = scaling.notes;
  all.insert(all.end(), batches.notes.begin(), batches.notes.end());
  return all;
}

Laws fit_laws(const Aggregate& data, const FitOptions& options) {
  Laws laws;
  laws.options = options;
  const SeedBootstrap bootstrap(data, options.resamples);
  laws.scaling = fit_scaling(data, bootstrap, options);
  laws.batches = fit_batches(data, bootstrap, options);
  return laws;
}

std::vector<LawRow> law_rows(const Laws& laws) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  std::vector<LawRow> rows;
  for (const FamilyFit& family : laws.scaling.families)
    for (const Exponent& e : family.exponents)
      rows.push_back({"capacity ~ d^C", "capacity-d", family.label, e.alpha, none, none, "C", e.c, e.goodness});
  for (const FamilyFit& family : laws.scaling.families) {
    if (!family.law) continue;
    rows.push_back({"C = c1 + c2 / alpha", "exponent-alpha", family.label, none, none, none, "c1", family.law->c1,
                    family.law->goodness});
    rows.push_back({"C = c1 + c2 / alpha", "exponent-alpha", family.label, none, none, none, "c2", family.law->c2,
                    family.law->goodness});
  }
  for (const BatchFit& fit : laws.batches.fits)
    for (const Crossover& c : fit.crossovers) {
      const auto add = [&](const char* name, const Coefficient& value) {
        rows.push_back({"capacity ~ min(P, (B / B*)^g)", "capacity-batch", fit.label, fit.alpha,
                        static_cast<double>(c.d), none, name, value, c.goodness});
      };
      add("g", c.branch);
      add("P", c.plateau);
      add("B*", c.critical);
    }
  for (const BatchFit& fit : laws.batches.fits)
    if (fit.critical_exponent)
      rows.push_back({"B* ~ d^s", "critical-batch-d", fit.label, fit.alpha, none, none, "s", *fit.critical_exponent,
                      fit.critical_goodness});
  return rows;
}

}  // namespace memscale
