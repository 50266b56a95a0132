#include "segment_file.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <vector>

namespace memscale {

namespace {

using SharedFile = std::shared_ptr<const FileDescriptor>;

/// How many segments may be open.
std::size_t most_open() {
  constexpr rlim_t fewest = 16, most = 1024;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return fewest;
  return std::clamp<rlim_t>(limit.rlim_cur / 4, fewest, most);
}

/// The segments that are open in this process.
class OpenSegments {
 public:
  static OpenSegments& instance() {
    static OpenSegments segments;
    return segments;
  }

  SharedFile find(const SegmentFile* segment) {
    const std::lock_guard lock(mutex_);
    const auto found = place_of(segment);
    if (found == open_.end()) return nullptr;
    std::rotate(found, found + 1, open_.end());
    return open_.back().second;
  }

  void add(const SegmentFile* segment, const SharedFile& file) {
    const std::size_t most = most_open();
    const std::lock_guard lock(mutex_);
    if (place_of(segment) != open_.end()) return;  // another thread was faster
    if (open_.size() >= most) open_.erase(open_.begin(), open_.end() - static_cast<std::ptrdiff_t>(most - 1));
    open_.emplace_back(segment, file);
  }

  void remove(const SegmentFile* segment) {
    const std::lock_guard lock(mutex_);
    const auto found = place_of(segment);
    if (found != open_.end()) open_.erase(found);
  }

 private:
  using Open = std::pair<const SegmentFile*, SharedFile>;

  std::vector<Open>::iterator place_of(const SegmentFile* segment) {
    if (!open_.empty() && open_.back().first == segment) return open_.end() - 1;
    return std::find_if(open_.begin(), open_.end(), [&](const Open& open) { return open.first == segment; });
  }

  std::mutex mutex_;
  std::vector<Open> open_;  ///< the last used one last
};

}  // namespace

SegmentFile::SegmentFile(std::filesystem::path path) : path_(std::move(path)) {
  const auto file = std::make_shared<const FileDescriptor>(open_file(path_, O_RDONLY));
  identity_ = identity_of(*file);
  OpenSegments::instance().add(this, file);
}

SegmentFile::~SegmentFile() {
  OpenSegments::instance().remove(this);
}

SharedFile SegmentFile::open() const {
  if (SharedFile file = OpenSegments::instance().find(this)) return file;
  auto file = std::make_shared<const FileDescriptor>(open_file(path_, O_RDONLY));
  if (identity_of(*file) != identity_) throw_system_error(ENOENT, "open again", path_);
  OpenSegments::instance().add(this, file);
  return file;
}

std::pair<dev_t, ino_t> SegmentFile::identity_of(const FileDescriptor& file) const {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw_system_error(errno, "fstat", path_);
  return {status.st_dev, status.st_ino};
}

}  // namespace memscale
