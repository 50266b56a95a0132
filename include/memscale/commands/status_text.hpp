#pragma once

#include <string>

#include "memscale/commands/store_report.hpp"

namespace memscale {

/// "fig2.cfg  1680 trials   ok 1204 (71.7%)  running 63  pending 401  failed 9  diverged 3"; the store's name where the
/// job's is not known.
std::string head_line(const StoreReport& report, const std::string& store, double now);

/// What the run at work is doing, or how the last one came to an end; empty if there is nothing to say. Whole lines,
/// the first "elapsed 1:42:10  ETA 0:38:00 +- 0:06:00  core-h 108 of about 149  busy 96%  ..." for a run at work, the
/// others "name: ...".
std::string run_lines(const StoreReport& report, double now);

/// Every failed trial: id, message, parameters and how to replay it. Of a report with listed failed trials.
std::string failed_text(const StoreReport& report, const std::string& store);

/// All of it as one JSON object: see README. Names never change their meaning.
std::string status_json(const StoreReport& report, const std::string& store, double now);

}  // namespace memscale
