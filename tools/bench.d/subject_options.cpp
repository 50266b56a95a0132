#include "subject_options.hpp"

#include <cstdio>
#include <filesystem>
#include <sstream>

namespace memscale::bench {

void add_subject_flags(boost::program_options::options_description& flags) {
  const auto text = [] { return boost::program_options::value<std::string>(); };
  auto add = flags.add_options();
  add("folder", text(), "where a fresh folder for stores is made, on the disk to measure (TMPDIR, or /tmp)");
  add("json", text(), "file to write all measurements to");
  add("from", text(), "such a file, to print again; nothing is measured");
  add("help,h", "this text");
}

SubjectOptions read_subject_flags(const Flags& given) {
  SubjectOptions options;
  options.folder = given.has("folder") ? given.text("folder") : std::filesystem::temp_directory_path().string();
  if (given.has("json")) options.json = given.text("json");
  if (given.has("from")) options.from = given.text("from");
  return options;
}

std::string read_python(const Flags& given) {
  const std::string python = given.has("python") ? given.text("python") : "python3";
  return python == "none" ? "" : python;
}

void print_help(const char* subject, const boost::program_options::options_description& flags) {
  std::ostringstream described;
  described << flags;
  std::printf("%s\n\n%s", subject, described.str().c_str());
}

}  // namespace memscale::bench
