#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "memscale/experiment/result.hpp"
#include "memscale/store/hdf5_image.hpp"

namespace memscale {

/// Which versions wrote a snapshot of an earlier format, and of what job.
struct LegacyHeader {
  std::int64_t format = 0;
  std::int64_t physics = 0;
  std::string version, job_text, command_line;
};

template <class T, class F>
requires std::is_same_v<std::remove_const_t<T>, LegacyHeader>
void for_each_field(T& header, F&& f) {
  f("format", header.format);
  f("physics", header.physics);
  f("version", header.version);
  f("job_text", header.job_text);
  f("command_line", header.command_line);
}

struct LegacyRecords {
  std::vector<std::string> ids;  ///< trial ids as the file has them
  std::vector<Record> records;
};

/// A snapshot of format 1 or 2 as HDF5 reads it, which may crash, loop or take all memory on bytes that were made to
/// harm: only to be used in a child process (legacy_child.hpp).
class LegacyHdf5 {
 public:
  /// Throws Hdf5Error for bytes that are no HDF5 file.
  explicit LegacyHdf5(std::vector<std::byte> bytes) : file_(open_image(std::move(bytes))) {}

  /// Throws Hdf5Error where an attribute is missing.
  LegacyHeader header() const;
  /// Sound records; whether the ids are theirs is not checked. Throws Hdf5Error for what is missing or does not fit
  /// together, std::out_of_range for records that are not sound.
  LegacyRecords records(const LegacyHeader& header) const;

 private:
  Hdf5File file_;
};

}  // namespace memscale
