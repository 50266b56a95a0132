#include "folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace memscale::bench {

void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file);
  out << text;
  out.close();
  if (!out) throw std::runtime_error("cannot write " + file.string());
}

Folder::Folder(const std::filesystem::path& parent) {
  std::string name = (parent / "memscale-bench.XXXXXX").string();
  if (!mkdtemp(name.data()))
    throw std::runtime_error("no temporary folder " + name + " (" + std::strerror(errno) + ")");
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void Folder::write(const std::string& name, const void* bytes, std::size_t size) const {
  std::ofstream file(path_ / (name + ".bin"), std::ios::binary);
  file.write(static_cast<const char*>(bytes), static_cast<std::streamsize>(size));
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path() + "/" + name + ".bin");
}

}  // namespace memscale::bench
