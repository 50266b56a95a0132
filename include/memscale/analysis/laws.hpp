#pragma once

#include <limits>
#include <string>
#include <vector>

#include "memscale/analysis/aggregate.hpp"
#include "memscale/analysis/batch_fit.hpp"
#include "memscale/analysis/fit_options.hpp"
#include "memscale/analysis/loss_fit.hpp"
#include "memscale/analysis/orthogonal_laws.hpp"
#include "memscale/analysis/scaling_fit.hpp"
#include "memscale/analysis/steps_fit.hpp"

namespace memscale {

/// Every law that a store's axes allow.
struct Laws {
  FitOptions options;
  ScalingFit scaling;
  BatchFits batches;
  StepsFits steps;
  LossFits losses;
  OrthogonalLaws orthogonal;

  /// Of all of them, in this order.
  std::vector<std::string> notes() const;
};

Laws fit_laws(const Aggregate& data, const FitOptions& options = {});

/// One fitted number, whatever its law: what tables, CSV, JSON and HDF5 list.
struct LawRow {
  std::string law;        ///< "capacity ~ d^C"
  std::string key;        ///< "capacity-d": short, for files
  std::string method;     ///< label
  double alpha;           ///< NaN where the law spans several
  double d;               ///< likewise
  double steps;           ///< likewise
  std::string parameter;  ///< "C"
  Coefficient value;
  Goodness goodness;                                             ///< of the fit that the number comes from
  double log_factor = std::numeric_limits<double>::quiet_NaN();  ///< log A, of a law with a factor A
  bool exact = false;  ///< of points without noise, so that more digits mean something
};

/// Law by law, method by method.
std::vector<LawRow> law_rows(const Laws& laws);

}  // namespace memscale
