#include "memscale/store/column_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "memscale/store/column.hpp"
#include "memscale/store/file.hpp"
#include "memscale/store/hdf5_image.hpp"

namespace memscale {

namespace {

namespace fs = std::filesystem;
using Attributes = std::vector<std::pair<std::string, std::string>>;

/// Octave reads ASCII alone, so text is UTF-8 only where it must be.
bool is_ascii(const std::vector<std::string>& texts) {
  return std::all_of(texts.begin(), texts.end(), [](const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  });
}

void write_attributes(hid_t object, const Attributes& attributes) {
  for (const auto& [name, text] : attributes) write_attribute(object, name, text);
}

void write_values(hid_t group, const DataColumn& column) {
  if (const auto* texts = std::get_if<std::vector<std::string>>(&column.values))
    return write_texts(group, column.name, *texts, 1, is_ascii(*texts) ? H5T_CSET_ASCII : H5T_CSET_UTF8);
  if (const auto* reals = std::get_if<std::vector<double>>(&column.values))
    return write_column(group, {column.name, *reals});
  write_column(group, {column.name, std::get<std::vector<std::int64_t>>(column.values)});
}

bool has_group(hid_t parent, const std::string& name) {
  return checked(H5Lexists(parent, name.c_str(), H5P_DEFAULT), "look for group " + name) > 0;
}

/// The group of a path, made as far as it is missing.
Hdf5Group group_at(hid_t parent, const std::string& path) {
  const std::size_t slash = path.find('/');
  const std::string name = path.substr(0, slash);
  Hdf5Group group = has_group(parent, name) ? open_group(parent, name) : create_group(parent, name);
  return slash == std::string::npos ? std::move(group) : group_at(group, path.substr(slash + 1));
}

void write_contents(hid_t file, const Attributes& attributes, const std::vector<DataTable>& tables) {
  write_attributes(file, attributes);
  for (const DataTable& table : tables) {
    const Hdf5Group group = group_at(file, table.name);
    write_attributes(group, table.attributes);
    for (const DataColumn& column : table.columns) write_values(group, column);
  }
  checked(H5Fflush(file, H5F_SCOPE_LOCAL), "flush");
}

}  // namespace

void write_column_file(const fs::path& path, const Attributes& attributes, const std::vector<DataTable>& tables) {
  auto file = std::make_optional(create_file(path.string()));  // throws where there is one, which stays
  try {
    write_contents(*file, attributes, tables);
    file.reset();
    sync_file(open_file(path, O_RDONLY), path);
  } catch (const Hdf5Error& error) {  // does not know the path
    ::unlink(path.c_str());
    throw std::runtime_error(path.string() + ": " + error.what());
  } catch (...) {
    ::unlink(path.c_str());
    throw;
  }
}

}  // namespace memscale
