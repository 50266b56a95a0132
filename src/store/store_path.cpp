#include "memscale/store/store_path.hpp"

#include "memscale/core/text.hpp"
#include "memscale/store/result_store.hpp"

namespace memscale {

namespace fs = std::filesystem;

StorePath resolve_store_path(const fs::path& path) {
  if (path.filename().empty() || path.filename() == "." || path.filename() == "..")
    throw invalid_store(path, "must be the name of a file");
  std::error_code error, not_there;
  fs::path snapshot = fs::weakly_canonical(fs::absolute(path, error), error);
  // A link to a file that is not there yet: weakly_canonical stops before it. As many steps as Linux takes.
  for (int step = 0; !error && step < 40 && fs::is_symlink(snapshot, not_there); ++step)
    snapshot = fs::weakly_canonical(snapshot.parent_path() / fs::read_symlink(snapshot, error), error);
  if (error) snapshot = fs::absolute(path);  // the first use of the path says why in the system's words
  const fs::file_status status = fs::status(snapshot, not_there);
  if (fs::is_directory(status)) throw invalid_store(path, "is a folder, not a memscale store");
  if (fs::exists(status) && !fs::is_regular_file(status))
    throw invalid_store(path, "is a device, not a memscale store");
  return {snapshot, snapshot.string() + ".journal", snapshot.parent_path()};
}

InputError invalid_store(const fs::path& path, const std::string& why) {
  return invalid("store", path.string(), why);
}

InputError damaged_store(const fs::path& path, const std::string& why) {
  return invalid_store(path, "damaged store: " + why);
}

void require_known_format(const fs::path& path, std::int64_t format) {
  if (format < 1 || format > store_format_version)
    throw invalid_store(
        path, "is of format " + to_text(format) + "; this program reads formats 1 to " + to_text(store_format_version));
}

}  // namespace memscale
