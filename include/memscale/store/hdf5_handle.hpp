#pragma once

#include <hdf5.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace memscale {

/// HDF5 refused: "HDF5: cannot open dataset d".
class Hdf5Error : public std::runtime_error {
 public:
  explicit Hdf5Error(const std::string& action) : std::runtime_error("HDF5: cannot " + action) {}
};

/// Throws Hdf5Error if `status` says so; returns it otherwise.
template <class Status>
Status checked(Status status, const std::string& action) {
  if (status < 0) throw Hdf5Error(action);
  return status;
}

/// Owns an HDF5 identifier. `Close` is the function for its kind.
template <herr_t (*Close)(hid_t)>
class Hdf5Handle {
 public:
  /// Takes over a fresh identifier. Throws Hdf5Error for a negative one.
  Hdf5Handle(hid_t id, const std::string& action) : id_(checked(id, action)) {}
  Hdf5Handle(Hdf5Handle&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
  Hdf5Handle& operator=(Hdf5Handle&&) = delete;
  ~Hdf5Handle() {
    if (id_ >= 0) Close(id_);
  }
  operator hid_t() const { return id_; }

 private:
  hid_t id_;
};

using Hdf5File = Hdf5Handle<H5Fclose>;
using Hdf5Group = Hdf5Handle<H5Gclose>;
using Hdf5Dataset = Hdf5Handle<H5Dclose>;
using Hdf5Attribute = Hdf5Handle<H5Aclose>;
using Hdf5Space = Hdf5Handle<H5Sclose>;
using Hdf5Type = Hdf5Handle<H5Tclose>;
using Hdf5Properties = Hdf5Handle<H5Pclose>;

}  // namespace memscale
