#pragma once

#include <boost/program_options.hpp>
#include <cstdint>
#include <string>

namespace memscale::bench {

/// The flags of a command line.
class Flags {
 public:
  /// Throws InputError for what `known` does not name.
  Flags(int argc, char** argv, const boost::program_options::options_description& known);

  bool has(const std::string& key) const { return given_.count(key) > 0; }
  std::string text(const std::string& key) const { return given_[key].as<std::string>(); }
  /// Sets `number` where the flag is given. Throws InputError unless it is a whole number from low to high.
  template <class Number>
  void read(const std::string& key, Number& number, std::int64_t low, std::int64_t high) const {
    if (has(key)) number = static_cast<Number>(whole_number(key, text(key), low, high));
  }

  static std::int64_t whole_number(const std::string& key, const std::string& text, std::int64_t low,
                                   std::int64_t high);

 private:
  boost::program_options::variables_map given_;
};

}  // namespace memscale::bench
