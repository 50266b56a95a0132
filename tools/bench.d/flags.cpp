#include "flags.hpp"

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"

namespace memscale::bench {

namespace po = boost::program_options;

Flags::Flags(int argc, char** argv, const po::options_description& known) {
  try {
    po::store(po::command_line_parser(argc, argv).options(known).positional({}).run(), given_);
  } catch (const po::error& error) {
    throw InputError(error.what());
  }
}

std::int64_t Flags::whole_number(const std::string& key, const std::string& text, std::int64_t low, std::int64_t high) {
  const std::int64_t value = parse_integer(key, text);
  if (value < low || value > high)
    throw invalid(key, text, "must be between " + to_text(low) + " and " + to_text(high));
  return value;
}

}  // namespace memscale::bench
