#include <algorithm>
#include <cstring>

#include "hdf5_type.hpp"
#include "memscale/store/hdf5_image.hpp"

namespace memscale {

namespace {

constexpr const char* code_suffix = "_id";

/// Rows of a chunk: it may not be longer than the dataset, nor empty.
hsize_t chunk_of(std::size_t rows) {
  constexpr hsize_t longest_chunk = 8192;
  return std::min<hsize_t>(rows, longest_chunk);
}

void write_rows(hid_t group, const std::string& name, std::size_t rows, hid_t type, hid_t memory_type,
                const void* data) {
  constexpr unsigned fastest = 1;
  const hsize_t extent = rows;
  const Hdf5Properties creation(H5Pcreate(H5P_DATASET_CREATE), "make properties");
  checked(H5Pset_obj_track_times(creation, false), "leave out times");
  if (rows > 0) {
    const hsize_t chunk = chunk_of(rows);
    checked(H5Pset_chunk(creation, 1, &chunk), "set chunks");
    checked(H5Pset_shuffle(creation), "shuffle bytes");
    checked(H5Pset_deflate(creation, fastest), "compress");
  }
  const Hdf5Space space(H5Screate_simple(1, &extent, nullptr), "size dataset " + name);
  const Hdf5Dataset dataset(H5Dcreate2(group, name.c_str(), type, space, H5P_DEFAULT, creation, H5P_DEFAULT),
                            "make dataset " + name);
  if (rows > 0) checked(H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), "write dataset " + name);
}

Hdf5Dataset open_dataset(hid_t group, const std::string& name) {
  return Hdf5Dataset(H5Dopen2(group, name.c_str(), H5P_DEFAULT), "open dataset " + name);
}

std::size_t extent(hid_t dataset, const std::string& name) {
  const Hdf5Space space(H5Dget_space(dataset), "size dataset " + name);
  hsize_t rows = 0;
  if (H5Sget_simple_extent_ndims(space) != 1 || H5Sget_simple_extent_dims(space, &rows, nullptr) != 1)
    throw Hdf5Error("take dataset " + name + " for a column");
  return rows;
}

Hdf5Dataset open_rows(hid_t group, const std::string& name, std::size_t rows) {
  Hdf5Dataset dataset = open_dataset(group, name);
  if (extent(dataset, name) != rows) throw Hdf5Error("take dataset " + name + ", which has another length");
  return dataset;
}

/// Throws unless the dataset has all chunks of so many rows: HDF5 would make up those that are missing.
void require_chunks(hid_t dataset, std::size_t rows, const std::string& name) {
  if (rows == 0) return;
  const Hdf5Properties creation(H5Dget_create_plist(dataset), "see the chunks of dataset " + name);
  hsize_t chunk = 0;
  if (H5Pget_layout(creation) != H5D_CHUNKED || H5Pget_chunk(creation, 1, &chunk) != 1 || chunk != chunk_of(rows))
    throw Hdf5Error("take dataset " + name + ", which has other chunks");
  for (hsize_t start = 0; start < rows; start += chunk) {
    hsize_t bytes = 0;
    checked(H5Dget_chunk_storage_size(dataset, &start, &bytes), "find the chunks of dataset " + name);
    if (bytes == 0) throw Hdf5Error("read dataset " + name + ", which misses rows");
  }
}

/// Reads all rows of `size` bytes each, after making sure that the file holds them: no memory is taken before.
template <class T>
std::vector<T> read_rows(const Hdf5Dataset& dataset, std::size_t rows, std::size_t size, hid_t memory_type,
                         const std::string& name) {
  require_chunks(dataset, rows, name);
  std::vector<T> values(rows * size / sizeof(T));
  if (rows > 0)
    checked(H5Dread(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), "read dataset " + name);
  return values;
}

template <class T>
void read_numbers(hid_t group, const std::string& name, std::size_t rows, H5T_class_t kind, hid_t memory_type,
                  std::vector<T>& values) {
  const Hdf5Dataset dataset = open_rows(group, name, rows);
  const Hdf5Type type(H5Dget_type(dataset), "type dataset " + name);
  if (H5Tget_class(type) != kind || H5Tget_size(type) != sizeof(T))
    throw Hdf5Error("take dataset " + name + ", which has another type");
  values = read_rows<T>(dataset, rows, sizeof(T), memory_type, name);
}

struct ColumnWriter {
  hid_t group;
  const std::string& name;
  void operator()(const std::vector<std::int64_t>& values) const {
    write_rows(group, name, values.size(), H5T_STD_I64LE, H5T_NATIVE_INT64, values.data());
  }
  void operator()(const std::vector<double>& values) const {
    write_rows(group, name, values.size(), H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, values.data());
  }
  void operator()(const std::vector<std::string>& values) const { write_texts(group, name, values, 1, H5T_CSET_UTF8); }
  void operator()(const CodeValues& values) const {
    std::size_t width = 1;  // of all names, not of those that occur: sweeps then have the same types
    for (std::string_view text : values.names) width = std::max(width, text.size());
    std::vector<std::string> texts;
    texts.reserve(values.codes.size());
    for (std::int32_t code : values.codes) texts.emplace_back(values.names[static_cast<std::size_t>(code)]);
    write_texts(group, name, texts, width);
    write_rows(group, name + code_suffix, values.codes.size(), H5T_STD_I32LE, H5T_NATIVE_INT32, values.codes.data());
  }
};

struct ColumnReader {
  hid_t group;
  const std::string& name;
  std::size_t rows;
  std::size_t longest;
  void operator()(std::vector<std::int64_t>& values) const {
    read_numbers(group, name, rows, H5T_INTEGER, H5T_NATIVE_INT64, values);
  }
  void operator()(std::vector<double>& values) const {
    read_numbers(group, name, rows, H5T_FLOAT, H5T_NATIVE_DOUBLE, values);
  }
  void operator()(std::vector<std::string>& values) const { values = read_texts(group, name, rows, longest); }
  void operator()(CodeValues& values) const {
    read_numbers(group, name + code_suffix, rows, H5T_INTEGER, H5T_NATIVE_INT32, values.codes);
    const std::vector<std::string> texts = read_texts(group, name, rows, longest);
    for (std::size_t row = 0; row < rows; ++row) {
      const std::int32_t code = values.codes[row];
      if (code < 0 || static_cast<std::size_t>(code) >= values.names.size() ||
          texts[row] != values.names[static_cast<std::size_t>(code)])
        throw Hdf5Error("read dataset " + name + ": a code without that name");
    }
  }
};

}  // namespace

void write_column(hid_t group, const Column& column) {
  std::visit(ColumnWriter{group, column.name}, column.values);
}

void write_texts(hid_t group, const std::string& name, const std::vector<std::string>& texts, std::size_t width,
                 H5T_cset_t characters) {
  for (const std::string& text : texts) width = std::max(width, text.size());
  std::vector<char> bytes(texts.size() * width, '\0');
  for (std::size_t row = 0; row < texts.size(); ++row)
    std::copy(texts[row].begin(), texts[row].end(), bytes.data() + row * width);
  const Hdf5Type type = text_type(width, characters);
  write_rows(group, name, texts.size(), type, type, bytes.data());
}

void write_unit(hid_t group, const std::string& name, const std::string& unit) {
  write_attribute(open_dataset(group, name), "unit", unit);
}

std::size_t count_rows(hid_t group, const std::string& name) {
  return extent(open_dataset(group, name), name);
}

void read_column(hid_t group, Column& column, std::size_t rows, std::size_t longest) {
  std::visit(ColumnReader{group, column.name, rows, longest}, column.values);
}

std::vector<std::string> read_texts(hid_t group, const std::string& name, std::size_t rows, std::size_t longest) {
  const Hdf5Dataset dataset = open_rows(group, name, rows);
  const Hdf5Type type(H5Dget_type(dataset), "type dataset " + name);
  const std::size_t width = text_size(type, longest, name);
  const std::vector<char> bytes = read_rows<char>(dataset, rows, width, type, name);
  std::vector<std::string> texts(rows);
  for (std::size_t row = 0; row < rows; ++row) texts[row] = unpadded(bytes.data() + row * width, width);
  return texts;
}

}  // namespace memscale
