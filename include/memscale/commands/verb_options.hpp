#pragma once

#include <boost/program_options.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "memscale/commands/command.hpp"

namespace memscale {

/// The flags and arguments of a verb that takes no keys of a job.
class VerbOptions {
 public:
  /// `flags` describes the flags (--help is added), `positional` names what is given without one; "stores..." takes all
  /// that are left.
  VerbOptions(const Command& verb, boost::program_options::options_description flags,
              const std::vector<std::string>& positional);

  /// Reads the arguments after the verb. Throws InputError with the verb's usage.
  void parse(const std::vector<std::string>& arguments);

  /// Prints usage, `text` and the flags, where --help was given.
  bool helped(std::string_view text) const;

  bool has(const std::string& option) const { return found_.count(option) > 0; }
  /// Of an option that was given.
  std::string text(const std::string& option) const { return found_[option].as<std::string>(); }
  /// The values of a list, none if it was not given.
  std::vector<std::string> list(const std::string& option) const;
  /// Throws InputError "missing STORE (usage: ...)" if it was not given or is empty.
  std::string required(const std::string& option, std::string_view shown) const;
  /// A whole number from `low` to `high`, `fallback` if it was not given. Throws InputError.
  std::int64_t integer(const std::string& option, std::int64_t fallback, std::int64_t low, std::int64_t high) const;
  /// --threads: a whole number, or auto for the cores that this process may use, which is also the default.
  int threads() const;

  [[noreturn]] void refuse(const std::string& why) const;

 private:
  const Command& verb_;
  boost::program_options::options_description flags_, all_;
  boost::program_options::positional_options_description positional_;
  boost::program_options::variables_map found_;
};

}  // namespace memscale
