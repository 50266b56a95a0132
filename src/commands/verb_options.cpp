#include "memscale/commands/verb_options.hpp"

#include <algorithm>
#include <iostream>

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/core/thread_team.hpp"

namespace memscale {

namespace po = boost::program_options;

VerbOptions::VerbOptions(const Command& verb, po::options_description flags, const std::vector<std::string>& positional)
    : verb_(verb), flags_(std::move(flags)) {
  flags_.add_options()("help,h", "this text");
  all_.add(flags_);
  for (std::string name : positional) {
    constexpr std::string_view list_mark = "...";
    const bool is_list = name.ends_with(list_mark);
    if (is_list) name.resize(name.size() - list_mark.size());
    if (is_list)
      all_.add_options()(name.c_str(), po::value<std::vector<std::string>>());
    else
      all_.add_options()(name.c_str(), po::value<std::string>());
    positional_.add(name.c_str(), is_list ? -1 : 1);
  }
}

void VerbOptions::parse(const std::vector<std::string>& arguments) {
  try {
    const auto style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(arguments).options(all_).positional(positional_).style(style).run(), found_);
  } catch (const po::error& error) {
    refuse(printable(error.what()));
  }
}

bool VerbOptions::helped(std::string_view text) const {
  if (!has("help")) return false;
  std::cout << "usage: memscale " << verb_.name << ' ' << verb_.usage << "\n\n" << text << "\n" << flags_ << std::flush;
  return true;
}

std::vector<std::string> VerbOptions::list(const std::string& option) const {
  return has(option) ? found_[option].as<std::vector<std::string>>() : std::vector<std::string>();
}

std::string VerbOptions::required(const std::string& option, std::string_view shown) const {
  if (!has(option) || text(option).empty()) refuse("missing " + std::string(shown));
  return text(option);
}

std::int64_t VerbOptions::integer(const std::string& option, std::int64_t fallback, std::int64_t low,
                                  std::int64_t high) const {
  if (!has(option)) return fallback;
  const std::int64_t value = parse_integer(option, text(option));
  if (value < low || value > high)
    throw invalid(option, text(option), "must be between " + to_text(low) + " and " + to_text(high));
  return value;
}

int VerbOptions::threads() const {
  if (!has("threads") || text("threads") == "auto") return available_cores();
  return static_cast<int>(integer("threads", 1, 1, 1024));
}

void VerbOptions::refuse(const std::string& why) const {
  throw InputError(why + " (usage: memscale " + std::string(verb_.name) + ' ' + std::string(verb_.usage) + ")");
}

}  // namespace memscale
