#pragma once

#include <array>
#include <string_view>

#include "memscale/commands/csv_writer.hpp"
#include "memscale/store/store_view.hpp"

namespace memscale {

/// What `memscale export` can write.
enum class CsvTable {
  trials,    ///< a row a trial: trial_id, every field of Trial and Result
  traces,    ///< a row a step done: trial_id, step from 1, every field of Trace but group_loss; empty: has none
  recall,    ///< a row a bin of ranks: trial_id, rank_lo, rank_hi, recovered
  groups,    ///< a row a bin of groups, after each of group_loss_steps: trial_id, step, group_lo, group_hi, loss
  cost,      ///< a row a trial: trial_id, every field of Cost
  failures,  ///< a row a failed trial: trial_id, message
  jobs       ///< a row a job: every field of JobEntry
};

template <>
struct EnumNames<CsvTable> {
  static constexpr std::array<std::string_view, 7> names{"trials", "traces",   "recall", "groups",
                                                         "cost",   "failures", "jobs"};
};

/// Writes one table of a store, a header line first, trials in the order of their ids; takes no memory for it. Throws
/// what CsvWriter and RecordFile::read throw.
void write_table(const StoreView& store, CsvTable table, CsvWriter& out);

}  // namespace memscale
