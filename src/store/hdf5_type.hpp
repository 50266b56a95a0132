#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

#include "memscale/store/hdf5_handle.hpp"

namespace memscale {

/// Text of exactly `size` bytes, filled up with NUL. Octave reads ASCII alone.
inline Hdf5Type text_type(std::size_t size, H5T_cset_t characters) {
  Hdf5Type type(H5Tcopy(H5T_C_S1), "make a type");
  checked(H5Tset_size(type, std::max<std::size_t>(size, 1)), "set a type's size");
  checked(H5Tset_strpad(type, H5T_STR_NULLPAD), "set a type's padding");
  checked(H5Tset_cset(type, characters), "set a type's characters");
  return type;
}

/// Size in bytes of `type`, a text of fixed length of at most `longest` bytes. Throws Hdf5Error for another type.
inline std::size_t text_size(hid_t type, std::size_t longest, const std::string& name) {
  const bool is_text = H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0;
  const std::size_t size = is_text ? H5Tget_size(type) : 0;
  if (size == 0 || size > longest) throw Hdf5Error("take " + name + " for text of a fixed length");
  return size;
}

/// The text in `size` bytes, without the NULs at its end.
inline std::string unpadded(const char* first, std::size_t size) {
  std::string text(first, size);
  text.resize(text.find_last_not_of('\0') + 1);
  return text;
}

}  // namespace memscale
