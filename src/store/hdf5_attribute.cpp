#include "hdf5_type.hpp"
#include "memscale/store/hdf5_image.hpp"

namespace memscale {

namespace {

void write(hid_t object, const std::string& name, hid_t type, hid_t memory_type, const void* data) {
  const Hdf5Space space(H5Screate(H5S_SCALAR), "make a scalar");
  const Hdf5Attribute attribute(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT),
                                "make attribute " + name);
  checked(H5Awrite(attribute, memory_type, data), "write attribute " + name);
}

Hdf5Attribute open_scalar(hid_t object, const std::string& name) {
  Hdf5Attribute attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), "open attribute " + name);
  const Hdf5Space space(H5Aget_space(attribute), "size attribute " + name);
  if (H5Sget_simple_extent_npoints(space) != 1) throw Hdf5Error("take attribute " + name + " for a scalar");
  return attribute;
}

}  // namespace

void write_attribute(hid_t object, const std::string& name, std::int64_t value) {
  write(object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, &value);
}

void write_attribute(hid_t object, const std::string& name, double value) {
  write(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value);
}

void write_attribute(hid_t object, const std::string& name, const std::string& text) {
  const Hdf5Type type = text_type(text.size(), H5T_CSET_UTF8);
  write(object, name, type, type, text.c_str());
}

bool has_attribute(hid_t object, const std::string& name) {
  return checked(H5Aexists(object, name.c_str()), "look for attribute " + name) > 0;
}

std::int64_t read_integer_attribute(hid_t object, const std::string& name) {
  const Hdf5Attribute attribute = open_scalar(object, name);
  std::int64_t value = 0;
  checked(H5Aread(attribute, H5T_NATIVE_INT64, &value), "read attribute " + name);
  return value;
}

std::string read_text_attribute(hid_t object, const std::string& name, std::size_t longest) {
  const Hdf5Attribute attribute = open_scalar(object, name);
  const Hdf5Type type(H5Aget_type(attribute), "type attribute " + name);
  std::vector<char> bytes(text_size(type, longest, name));
  checked(H5Aread(attribute, type, bytes.data()), "read attribute " + name);
  return unpadded(bytes.data(), bytes.size());
}

}  // namespace memscale
