#include <unistd.h>

#include <filesystem>
#include <system_error>
#include <type_traits>
#include <utility>

#include "memscale/core/text.hpp"
#include "memscale/store/merge_stores.hpp"
#include "memscale/store/new_file.hpp"
#include "memscale/store/sealed_file.hpp"
#include "memscale/store/snapshot.hpp"
#include "memscale/store/store_lock.hpp"
#include "memscale/store/stored_record.hpp"

namespace memscale {

namespace fs = std::filesystem;

namespace {

/// Whether a journal's folder holds nothing but the lock of a process that was killed.
bool is_left_by_lock(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(fs::symlink_status(folder, error))) return false;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (entry->path().filename() != "lock") return false;
  return !error;
}

void require_free(const StorePath& path) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(path.snapshot, error)))
    throw invalid_store(path.snapshot, "exists: the merged store must be a new one");
  if (fs::exists(fs::symlink_status(path.journal, error)) && !is_left_by_lock(path.journal))
    throw invalid_store(path.snapshot, "its journal " + path.journal.filename().string() +
                                           " exists: the merged store must be a new one");
}

/// Removes a file that did not get its name.
class Removal {
 public:
  explicit Removal(fs::path name) : name_(std::move(name)) {}
  ~Removal() { ::unlink(name_.c_str()); }
  Removal(const Removal&) = delete;
  Removal& operator=(const Removal&) = delete;

 private:
  fs::path name_;
};

/// Earlier formats kept any bytes.
Provenance storable(Provenance provenance) {
  const auto mend = [](std::string& text) { text = storable_text(std::move(text), longest_text); };
  for (JobEntry& job : provenance.jobs)
    for_each_field(job, [&]<class T>(const char*, T& value) {
      if constexpr (std::is_same_v<T, std::string>) mend(value);
    });
  mend(provenance.command_line);
  return provenance;
}

}  // namespace

void require_no_store(const fs::path& path) {
  require_free(resolve_store_path(path));
}

void write_new_store(const fs::path& name, const Provenance& provenance, const RecordSource& source) {
  const StorePath path = resolve_store_path(name);
  require_free(path);
  StoreLock lock(path);
  require_free(path);
  remove_leftovers(path.snapshot);
  // Under a name that remove_leftovers knows: who is killed here leaves nothing behind for long.
  const fs::path made = path.snapshot.string() + ".tmp-new-" + to_text(std::int64_t{::getpid()});
  const Removal removal(made);
  write_snapshot(made, storable(provenance), source);
  rename_to_new(made, path.snapshot);
  sync_folder(path.folder);
  lock.remove();
}

}  // namespace memscale
