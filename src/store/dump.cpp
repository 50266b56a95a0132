#include "memscale/store/dump.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "memscale/core/text.hpp"
#include "memscale/experiment/trace_length.hpp"
#include "memscale/model/recall.hpp"
#include "memscale/store/file.hpp"
#include "memscale/store/hdf5_image.hpp"
#include "memscale/store/new_file.hpp"

namespace memscale {

namespace fs = std::filesystem;

namespace {

// Begin and end of the file: it is ours to replace. HDF5 ignores what stands behind its own end, and need not be asked
// about a file that may be anyone's.
constexpr std::string_view hdf5_mark = "\x89HDF\r\n\x1a\n";
constexpr std::string_view dump_mark = "MEMSDUMP";

bool is_dump(const fs::path& path) {
  const FileDescriptor file = open_file(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  const auto holds = [&](std::size_t offset, std::string_view mark) {
    std::string bytes(mark.size(), '\0');
    return read_at(file, offset, std::as_writable_bytes(std::span(bytes)), path) == bytes.size() && bytes == mark;
  };
  const auto size = fs::file_size(path);
  return size > dump_mark.size() && holds(0, hdf5_mark) && holds(size - dump_mark.size(), dump_mark);
}

void write_array(hid_t file, const std::string& name, hid_t stored_type, hid_t memory_type,
                 const std::vector<hsize_t>& shape, const void* values) {
  const Hdf5Space space(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), "make a shape");
  const Hdf5Properties creation(H5Pcreate(H5P_DATASET_CREATE), "make properties");
  checked(H5Pset_obj_track_times(creation, false), "leave out times");
  const Hdf5Dataset dataset(H5Dcreate2(file, name.c_str(), stored_type, space, H5P_DEFAULT, creation, H5P_DEFAULT),
                            "make dataset " + name);
  checked(H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), "write " + name);
}

void write_numbers(hid_t file, const std::string& name, const std::vector<double>& values) {
  write_array(file, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, {values.size()}, values.data());
}

void write_numbers(hid_t file, const std::string& name, const std::vector<std::int64_t>& values) {
  write_array(file, name, H5T_STD_I64LE, H5T_NATIVE_INT64, {values.size()}, values.data());
}

void write_matrix(hid_t file, const char* name, const Matrix& m) {
  write_array(file, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE,
              {static_cast<hsize_t>(m.rows()), static_cast<hsize_t>(m.cols())}, m.data());
}

void write_matrix(hid_t file, const char* name, const MatrixF& m) {
  write_array(file, name, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT,
              {static_cast<hsize_t>(m.rows()), static_cast<hsize_t>(m.cols())}, m.data());
}

void write_vector(hid_t file, const char* name, const Vector& v) {
  write_array(file, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, {static_cast<hsize_t>(v.size())}, v.data());
}

template <class Fields>
void write_fields(hid_t file, const Fields& fields) {
  for_each_field(fields, [&](const char* name, const auto& value) {
    if constexpr (NamedEnum<std::remove_cvref_t<decltype(value)>>)
      write_attribute(file, name, std::string(name_of(value)));
    else
      write_attribute(file, name, value);
  });
}

/// Weights of all items, 0 for those that the batch does not hold.
Vector spread(const Batch& batch, Eigen::Index items) {
  Vector q = Vector::Zero(items);
  for (std::size_t k = 0; k < batch.items.size(); ++k)
    q(static_cast<Eigen::Index>(batch.items[k])) = batch.q(static_cast<Eigen::Index>(k));
  return q;
}

void write_recall(hid_t file, const Simulation& run) {
  std::vector<std::int64_t> low, high;
  for (const RankBin& bin : recall_bins(static_cast<std::int64_t>(run.p.size())))
    low.push_back(bin.low), high.push_back(bin.high);
  write_numbers(file, "recall", run.recall);
  write_numbers(file, "recall_rank_lo", low);
  write_numbers(file, "recall_rank_hi", high);
}

/// A list a step, as recall is; of group_loss a row for each step that has one.
void write_traces(hid_t file, const Trial& trial, const Simulation& run) {
  std::vector<std::int64_t> low, high;
  for (const RankBin& bin : group_bins(trial)) low.push_back(bin.low), high.push_back(bin.high);
  const std::vector<std::int64_t> steps =
      low.empty() ? std::vector<std::int64_t>() : group_loss_steps(run.result.steps_done);
  for_each_field(run.trace, [&](const char* name, const std::vector<double>& values) {
    if (is_by_step(name))
      write_numbers(file, std::string("trace_") + name, values);
    else
      write_array(file, std::string("trace_") + name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, {steps.size(), low.size()},
                  values.data());
  });
  write_numbers(file, "group_loss_step", steps);
  write_numbers(file, "group_lo", low);
  write_numbers(file, "group_hi", high);
}

void write_contents(hid_t file, const Trial& trial, const Simulation& run) {
  write_attribute(file, "version", std::string(MEMSCALE_VERSION));
  write_attribute(file, "trial_id", to_hex(trial_id(trial)));
  write_fields(file, trial);
  write_fields(file, run.result);
  if (run.memory) {
    write_matrix(file, "u", run.memory->u);
    write_matrix(file, "v", run.memory->v);
  }
  write_vector(file, "p", run.p);
  write_vector(file, "q", spread(run.batch, run.p.size()));
  write_numbers(file, "batch_items", run.batch.items);
  write_matrix(file, "weights_before", run.weights_before);
  write_matrix(file, "gradient", run.gradient);
  write_matrix(file, "update", run.update);
  write_matrix(file, "weights", run.weights);
  write_array(file, "recovered", H5T_STD_U8LE, H5T_NATIVE_UINT8, {run.recovery.recovered.size()},
              run.recovery.recovered.data());
  write_traces(file, trial, run);
  write_recall(file, run);
}

/// Makes the file `name`, which is new.
void make_dump(const fs::path& name, const Trial& trial, const Simulation& run) {
  {
    const Hdf5File file = create_file(name);
    write_contents(file, trial, run);
    checked(H5Fflush(file, H5F_SCOPE_LOCAL), "flush " + name.string());
  }
  const FileDescriptor file = open_file(name, O_WRONLY | O_APPEND | O_NOFOLLOW);
  write_all(file, std::as_bytes(std::span(dump_mark)), name);
  sync_file(file, name);
}

/// HDF5 refuses a file that is there; this tells it apart from one that is ours to remove.
fs::path free_name(const fs::path& path) {
  for (std::int64_t i = 0; i < temporary_names; ++i)
    if (const fs::path name = temporary_name(path, i); !fs::exists(fs::symlink_status(name))) return name;
  throw_system_error(EEXIST, "make", temporary_name(path, 0));
}

}  // namespace

void check_dump_path(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  const fs::path folder = path.has_parent_path() ? path.parent_path() : ".";
  if (fs::is_symlink(path)) throw invalid("dump", path.string(), "is a symbolic link");
  if (fs::is_directory(status)) throw invalid("dump", path.string(), "is a folder");
  if (fs::exists(status)) {
    if (!fs::is_regular_file(status)) throw invalid("dump", path.string(), "is not a regular file");
    if (!is_dump(path)) throw invalid("dump", path.string(), "exists and is not a dump of memscale: not overwritten");
  } else if (path.filename().empty() || !fs::is_directory(folder, error)) {
    throw invalid("dump", path.string(), "its folder does not exist");
  }
  if (::access(folder.c_str(), W_OK | X_OK) != 0) throw invalid("dump", path.string(), "its folder cannot be written");
}

void write_dump(const fs::path& path, const Trial& trial, const Simulation& run) {
  check_dump_path(path);
  const bool is_new = !fs::exists(path);
  const fs::path name = free_name(path);
  try {
    make_dump(name, trial, run);
    if (is_new)
      rename_to_new(name, path);
    else if (::rename(name.c_str(), path.c_str()) != 0)
      throw_system_error(errno, "rename", name);
  } catch (...) {
    ::unlink(name.c_str());
    throw;
  }
}

}  // namespace memscale
