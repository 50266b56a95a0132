#pragma once

#include <libdeflate.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "memscale/store/crc32c.hpp"
#include "store_fixture.hpp"

namespace memscale {

/// A file of tests/store/formats, see the README there.
inline std::filesystem::path stored_fixture(const std::string& name) {
  return std::filesystem::path(MEMSCALE_SOURCE_DIR) / "tests/store/formats" / name;
}

/// What `gzip -9 -n` was given.
inline std::string unpacked(const std::filesystem::path& path) {
  const std::string packed = file_bytes(path);
  if (packed.size() < 18) throw std::runtime_error("not there, or no gzip file: " + path.string());
  std::uint32_t size = 0;  // gzip's last four bytes
  std::memcpy(&size, packed.data() + packed.size() - sizeof size, sizeof size);
  std::string bytes(size, '\0');
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> tool(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (libdeflate_gzip_decompress(tool.get(), packed.data(), packed.size(), bytes.data(), size, nullptr) !=
      LIBDEFLATE_SUCCESS)
    throw std::runtime_error("damaged: " + path.string());
  return bytes;
}

/// The parts of a text, empty ones too.
inline std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (char c : text)
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

/// What h5py read from a store of an earlier version, as text: properties of the store, and a row of named values for
/// each trial.
struct ExpectedStore {
  std::map<std::string, std::string> properties;
  std::vector<std::string> columns;
  std::vector<std::map<std::string, std::string>> rows;

  explicit ExpectedStore(const std::filesystem::path& path) {
    for (const std::string& line : split(unpacked(path), '\n')) {
      if (line.empty()) continue;
      const std::vector<std::string> cells = split(line, '\t');
      if (columns.empty() && cells.front() == "trials/trial_id") {
        columns = cells;
      } else if (columns.empty()) {
        properties[cells.at(0)] = cells.at(1);
      } else {
        if (cells.size() != columns.size()) throw std::runtime_error("a row of another length in " + path.string());
        auto& row = rows.emplace_back();
        for (std::size_t i = 0; i < cells.size(); ++i) row[columns[i]] = cells[i];
      }
    }
    if (rows.empty()) throw std::runtime_error("no rows in " + path.string());
  }
};

/// The seal of formats 1 and 2 over `content`, which stands before it.
inline std::string legacy_sealed(const std::string& content) {
  Crc32c crc;
  crc.add(std::as_bytes(std::span(content)));
  const std::uint64_t size = content.size();
  const std::uint32_t ends[2] = {crc.value(), 0};
  std::string sealed = content + "MEMSCALE";
  sealed.append(reinterpret_cast<const char*>(&size), sizeof size);
  return sealed.append(reinterpret_cast<const char*>(ends), sizeof ends);
}

}  // namespace memscale
