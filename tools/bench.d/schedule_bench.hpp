#pragma once

#include "schedule_options.hpp"

namespace memscale::bench {

/// Measures what trials and messages cost, simulates runs on many ranks with them, prints a table, and writes the JSON
/// file. Throws InputError for a file that cannot be printed again.
void run_schedule(const ScheduleOptions& options);

}  // namespace memscale::bench
