#include "memscale/analysis/output_folder.hpp"

#include <stdlib.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "memscale/core/error.hpp"

namespace memscale {

namespace fs = std::filesystem;

OutputFolder::OutputFolder(fs::path path) : path_(std::move(path)) {
  std::error_code error;
  if (fs::exists(path_, error) && !fs::is_directory(path_, error))
    throw invalid("output", path_.string(), "exists and is not a folder");
  fs::create_directories(path_, error);
  if (error) throw invalid("output", path_.string(), "cannot be made: " + error.message());
  std::string hidden = (path_ / ".part-XXXXXX").string();
  if (!::mkdtemp(hidden.data()))
    throw invalid("output", path_.string(), "cannot be written: " + std::generic_category().message(errno));
  hidden_ = fs::path(hidden).filename().string();
}

OutputFolder::~OutputFolder() {
  std::error_code ignored;
  fs::remove_all(path_ / hidden_, ignored);
}

std::string OutputFolder::temporary(const std::string& name) const {
  return hidden_ + "/" + name;
}

void OutputFolder::write(const std::string& name, const std::string& content) const {
  std::ofstream file(path_ / temporary(name), std::ios::binary | std::ios::trunc);
  errno = 0;
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  if (!file) {
    discard(name);
    throw std::system_error(errno == 0 ? EIO : errno, std::generic_category(), (path_ / name).string());
  }
  publish(name);
}

void OutputFolder::publish(const std::string& name) const {
  std::error_code error;
  fs::rename(path_ / temporary(name), path_ / name, error);
  if (!error) return;
  discard(name);
  throw std::system_error(error, (path_ / name).string());
}

void OutputFolder::discard(const std::string& name) const {
  std::error_code ignored;  // there may be none
  fs::remove(path_ / temporary(name), ignored);
}

void OutputFolder::remove(const std::string& name) const {
  std::error_code error;
  fs::remove(path_ / name, error);
  if (error) throw invalid("output", (path_ / name).string(), "cannot be removed: " + error.message());
}

std::string OutputFolder::read(const std::string& name) const {
  std::ifstream file(path_ / name, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw invalid("output", (path_ / name).string(), "cannot be read");
  return content;
}

}  // namespace memscale
