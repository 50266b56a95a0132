#pragma once

#include <filesystem>

#include "memscale/experiment/simulation.hpp"
#include "memscale/experiment/trial.hpp"

namespace memscale {

/// Throws InputError unless a dump may be written to `path`: a new file in a folder that takes one, or an earlier dump.
void check_dump_path(const std::filesystem::path& path);

/// Writes all arrays of one trial for other programs, as an HDF5 file: /u, /v (items, d) float32; /p (items); of the
/// last step /q (items), 0 for items that it did not see, /batch_items, those that it did (from 0), /weights_before,
/// /gradient, /update, /weights (d, d); /recovered (items) uint8; /trace_NAME (steps done) for every field of Trace,
/// empty where the model has none, but /trace_group_loss (steps, bins) with /group_loss_step (steps), /group_lo and
/// /group_hi (bins); /recall, /recall_rank_lo, /recall_rank_hi (bins). Reals are float64, integers int64. Attributes:
/// trial_id, the trial's parameters, its results. Rows are output coordinates: score_ij = u_j . (W v_i). Arrays of a
/// step that was not reached are empty. Written under a temporary name, then renamed. Throws InputError as
/// check_dump_path, Hdf5Error or std::system_error where the disk fails.
void write_dump(const std::filesystem::path& path, const Trial& trial, const Simulation& run);

}  // namespace memscale
