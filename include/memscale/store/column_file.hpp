#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "memscale/core/data_table.hpp"

namespace memscale {

/// Writes tables for other programs to `path`, which must be new, as HDF5 1.8 and later read it: each a group of its
/// name ("fits/capacity-d") with its attributes and a one-dimensional dataset for each column, all of one length; real
/// numbers are float64, whole ones int64, texts of a fixed length. `attributes` are the file's own. The same tables
/// make the same bytes. Throws Hdf5Error or std::system_error where the disk fails; the file is then gone.
void write_column_file(const std::filesystem::path& path,
                       const std::vector<std::pair<std::string, std::string>>& attributes,
                       const std::vector<DataTable>& tables);

}  // namespace memscale
