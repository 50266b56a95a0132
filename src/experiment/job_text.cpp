#include "memscale/experiment/job_text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <map>
#include <memory>
#include <string_view>
#include <system_error>

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/job_keys.hpp"

namespace memscale {

namespace {

constexpr std::size_t largest_job = 1 << 20;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }  // only read from: nothing is lost
};

InputError cannot_read(const std::filesystem::path& file, const std::string& why) {
  return InputError("cannot read job file " + printable(file.string()) + " (" + why + ")");
}

bool is_text_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

std::string at_line(const std::string& name, std::size_t number) {
  return name + ":" + std::to_string(number) + ": ";
}

/// A line without its comment and outer white space, as Boost.Program_options reads it.
std::string_view meaning(std::string_view line) {
  return trimmed(line.substr(0, line.find('#')));
}

}  // namespace

std::string read_job_text(const std::filesystem::path& path) {
  std::error_code unknown;  // a path that cannot be looked at fails at fopen, with the reason
  if (std::filesystem::is_directory(path, unknown)) throw cannot_read(path, "it is a directory");
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
  if (!file) throw cannot_read(path, std::generic_category().message(errno));
  std::string text(largest_job + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get())) throw cannot_read(path, std::generic_category().message(errno));
  if (text.size() > largest_job) throw cannot_read(path, "it is larger than 1 MiB");
  if (!std::all_of(text.begin(), text.end(), is_text_byte)) throw cannot_read(path, "it is not a text file");
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  return text;
}

std::vector<JobLine> job_lines(const std::string& text, const std::string& name) {
  std::vector<JobLine> lines;
  std::map<std::string, std::size_t> first_line;
  std::string prefix;
  std::size_t number = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = meaning(rest.substr(0, rest.find('\n')));
    rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
    ++number;
    if (line.empty()) continue;
    if (line.front() == '[' && line.back() == ']') {
      const std::string_view section = line.substr(1, line.size() - 2);
      if (!is_section(section))
        throw InputError(at_line(name, number) + "unknown section " + printable(line) + " (must be one of " +
                         joined_sections() + ")");
      prefix = std::string(section) + '.';
      continue;
    }
    const auto equals = line.find('=');
    if (equals == std::string_view::npos)
      throw InputError(at_line(name, number) + "cannot read " + printable(line) +
                       " (must be a [section], key = value or # comment)");
    std::string key = prefix + std::string(trimmed(line.substr(0, equals)));
    const auto [place, is_new] = first_line.emplace(key, number);
    if (!is_new)
      throw InputError(at_line(name, number) + printable(key) + " is given twice (first in line " +
                       std::to_string(place->second) + ")");
    lines.push_back({number, std::move(key)});
  }
  return lines;
}

std::string where_is(const std::string& key, const std::vector<JobLine>& lines, const std::string& name) {
  const auto found = std::find_if(lines.begin(), lines.end(), [&](const JobLine& line) { return line.key == key; });
  return found == lines.end() ? name + ": " : at_line(name, found->number);
}

}  // namespace memscale
