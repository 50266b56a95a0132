#include "background_snapshot.hpp"

#include <chrono>
#include <exception>
#include <stdexcept>
#include <utility>

#include "memscale/store/snapshot.hpp"

namespace memscale {

namespace {

/// Gives records until it is told not to.
class CancellableFile : public RecordFile {
 public:
  CancellableFile(std::shared_ptr<RecordFile> file, std::shared_ptr<std::atomic<bool>> cancelled)
      : file_(std::move(file)), cancelled_(std::move(cancelled)) {}
  Record read(const IndexEntry& entry, RecordParts parts) override {
    if (*cancelled_) throw std::runtime_error("given up");
    return file_->read(entry, parts);
  }
  std::shared_ptr<RecordFile> twin() const override {
    return std::make_shared<CancellableFile>(file_->twin(), cancelled_);
  }

 private:
  std::shared_ptr<RecordFile> file_;
  std::shared_ptr<std::atomic<bool>> cancelled_;
};

}  // namespace

void BackgroundSnapshot::start(std::filesystem::path path, Provenance provenance, RecordSource source) {
  cancelled_ = std::make_shared<std::atomic<bool>>(false);
  for (auto& file : source.files) file = std::make_shared<CancellableFile>(file->twin(), cancelled_);
  auto write = [path = std::move(path), provenance = std::move(provenance), source = std::move(source)]() mutable {
    try {
      source.entries = sorted_by_id(std::move(source.entries));
      write_snapshot(path, provenance, source, Verify::only_copies);
      return std::string();
    } catch (const std::exception& error) {
      return std::string(error.what());
    }
  };
  result_ = std::async(std::launch::async, std::move(write));
}

std::optional<std::string> BackgroundSnapshot::take_result() {
  if (!result_.valid() || result_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return std::nullopt;
  return result_.get();
}

bool BackgroundSnapshot::cancel() {
  if (!result_.valid()) return false;
  *cancelled_ = true;
  return result_.get().empty();
}

}  // namespace memscale
