#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace memscale {

/// A line of a job file that gives a key.
struct JobLine {
  std::size_t number;  ///< from 1
  std::string key;     ///< "grid.d"
};

/// The bytes of a job file, without a UTF-8 byte order mark. Throws InputError for a path that is missing, a directory,
/// unreadable, larger than 1 MiB or not a text.
std::string read_job_text(const std::filesystem::path& file);

/// The keys of a job file with their lines. Throws InputError beginning "name:line: " for an unknown section, a key
/// that is given twice and a line that is none of a section, a key and a comment.
std::vector<JobLine> job_lines(const std::string& text, const std::string& name);

/// "name:line: " of a key; "name: " where it has no line.
std::string where_is(const std::string& key, const std::vector<JobLine>& lines, const std::string& name);

}  // namespace memscale
