#include "memscale/store/hdf5_image.hpp"

#include <algorithm>

namespace memscale {

void start_hdf5() {
  static const bool initialized = [] {
    // HDF5's own exit handler is not needed and has crashed programs at their end.
    checked(H5dont_atexit(), "leave out its exit handler");
    checked(H5open(), "start");
    // No file of ours leads into another one; one made to harm could lead into a pipe, and wait there.
    checked(H5Lunregister(H5L_TYPE_EXTERNAL), "leave out links to other files");
    return true;
  }();
  // In a thread-safe HDF5 each thread has errors of its own.
  thread_local const bool is_quiet = checked(H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr), "keep quiet") >= 0;
  static_cast<void>(initialized && is_quiet);
}

namespace {

Hdf5Properties memory_access(std::size_t growth) {
  start_hdf5();
  constexpr hbool_t on_disk = 0;
  Hdf5Properties access(H5Pcreate(H5P_FILE_ACCESS), "make properties");
  checked(H5Pset_fapl_core(access, growth, on_disk), "keep a file in memory");
  return access;
}

/// A new file with the properties that all our files have.
Hdf5File create(const std::string& name, unsigned flags, const Hdf5Properties& access) {
  // EARLIEST: the checksum of a newer superblock would be wrong in the bytes that HDF5 before 1.14.7 gives out.
  checked(H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18), "set the format");
  const Hdf5Properties creation(H5Pcreate(H5P_FILE_CREATE), "make properties");
  checked(H5Pset_obj_track_times(creation, false), "leave out times");
  return Hdf5File(H5Fcreate(name.c_str(), flags, creation, access), "make " + name);
}

}  // namespace

Hdf5File create_image(std::size_t growth) {
  const Hdf5Properties access = memory_access(growth);
  // Small chunks are not put into blocks: each stands at the file's end.
  checked(H5Pset_small_data_block_size(access, 0), "set the size of blocks");
  return create("memscale-image", H5F_ACC_TRUNC, access);
}

Hdf5File create_file(const std::string& path) {
  start_hdf5();
  return create(path, H5F_ACC_EXCL, Hdf5Properties(H5Pcreate(H5P_FILE_ACCESS), "make properties"));
}

std::byte* const* image_memory(const Hdf5File& file) {
  void* memory = nullptr;
  checked(H5Fget_vfd_handle(file, H5P_DEFAULT, &memory), "take the file");
  return static_cast<std::byte* const*>(memory);  // the driver's own pointer, see H5FD__core_get_handle
}

std::span<const std::byte> flushed_image(const Hdf5File& file) {
  checked(H5Fflush(file, H5F_SCOPE_LOCAL), "flush");
  std::byte* memory = *image_memory(file);
  const ssize_t size = checked(H5Fget_file_image(file, nullptr, 0), "take the file");
  // A superblock of version 0 or 1 has flags at byte 20 that say that the file is open: see H5F__get_file_image.
  constexpr std::size_t version = 8, flags = 20, flags_size = 4;
  if (std::to_integer<int>(memory[version]) > 1) throw Hdf5Error("take a file of another superblock");
  std::fill_n(memory + flags, flags_size, std::byte{0});
  return {memory, static_cast<std::size_t>(size)};
}

Hdf5File open_image(std::vector<std::byte> bytes) {
  const Hdf5Properties access = memory_access(default_growth);
  checked(H5Pset_file_image(access, bytes.data(), bytes.size()), "take the bytes");
  return Hdf5File(H5Fopen("memscale-image", H5F_ACC_RDONLY, access), "open the file");
}

Hdf5Group create_group(hid_t parent, const std::string& name) {
  const Hdf5Properties creation(H5Pcreate(H5P_GROUP_CREATE), "make properties");
  checked(H5Pset_obj_track_times(creation, false), "leave out times");
  checked(H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED), "keep an order");
  return Hdf5Group(H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, creation, H5P_DEFAULT), "make group " + name);
}

Hdf5Group open_group(hid_t parent, const std::string& name) {
  return Hdf5Group(H5Gopen2(parent, name.c_str(), H5P_DEFAULT), "open group " + name);
}

}  // namespace memscale
