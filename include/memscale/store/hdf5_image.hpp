#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "memscale/store/column.hpp"
#include "memscale/store/hdf5_handle.hpp"

namespace memscale {

/// Prepares HDF5; to be called before anything else of it in each thread, more than once does no harm.
void start_hdf5();

/// Stores are made and read in memory only: what HDF5 does on a full disk, on a file system without locks, or with
/// bytes that nobody has checked, cannot happen. All functions here throw Hdf5Error.

/// An empty file in memory that HDF5 1.8 and later can read, without time stamps. Its memory grows by `growth` bytes at
/// a time.
inline constexpr std::size_t default_growth = std::size_t{1} << 20;
Hdf5File create_image(std::size_t growth = default_growth);
/// Where HDF5 keeps the address of an image's memory, which it changes when the image grows.
std::byte* const* image_memory(const Hdf5File& file);
/// The bytes of a file made by create_image, where they stand; valid until it is changed.
std::span<const std::byte> flushed_image(const Hdf5File& file);
/// A new file on disk that HDF5 1.8 and later can read, without time stamps: for what is too large to be made in
/// memory.
Hdf5File create_file(const std::string& path);
/// Opens the bytes of a file.
Hdf5File open_image(std::vector<std::byte> bytes);

/// A group whose members keep the order in which they were made.
Hdf5Group create_group(hid_t parent, const std::string& name);
Hdf5Group open_group(hid_t parent, const std::string& name);

void write_attribute(hid_t object, const std::string& name, std::int64_t value);
void write_attribute(hid_t object, const std::string& name, double value);
void write_attribute(hid_t object, const std::string& name, const std::string& text);
bool has_attribute(hid_t object, const std::string& name);
std::int64_t read_integer_attribute(hid_t object, const std::string& name);
std::string read_text_attribute(hid_t object, const std::string& name, std::size_t longest);

/// One-dimensional dataset `name`; texts have a fixed length, the longest of `texts` but at least `width` and 1. An
/// enum's column gives two datasets: its names, and `name`_id with the codes. Those of a column of texts are UTF-8.
void write_column(hid_t group, const Column& column);
void write_texts(hid_t group, const std::string& name, const std::vector<std::string>& texts, std::size_t width = 1,
                 H5T_cset_t characters = H5T_CSET_ASCII);
void write_unit(hid_t group, const std::string& name, const std::string& unit);

/// Rows of a one-dimensional dataset.
std::size_t count_rows(hid_t group, const std::string& name);
/// Fills an empty column. Throws also for another number of rows than `rows`, another kind of values, texts beyond
/// `longest` bytes and a code without a name.
void read_column(hid_t group, Column& column, std::size_t rows, std::size_t longest);
std::vector<std::string> read_texts(hid_t group, const std::string& name, std::size_t rows, std::size_t longest);

}  // namespace memscale
