#include "memscale/commands/run_options.hpp"

#include <boost/program_options.hpp>
#include <charconv>

#include "memscale/commands/job_flags.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/thread_team.hpp"

namespace po = boost::program_options;

namespace memscale {

namespace {

po::variables_map parse(const std::vector<std::string>& arguments) {
  po::options_description options;
  options.add_options()("help,h", "")("output,o", po::value<std::string>())(
      "threads", po::value<std::string>()->default_value("1"))("force", "")("job", po::value<std::string>());
  po::positional_options_description positional;
  positional.add("job", 1);
  po::variables_map found;
  try {
    const auto style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(arguments).options(options).positional(positional).style(style).run(), found);
  } catch (const po::error& error) {
    throw InputError(printable(error.what()) + " (usage: memscale run " + std::string(run_usage) + ")");
  }
  return found;
}

std::string required(const po::variables_map& found, const std::string& option, std::string_view name) {
  if (!found.count(option) || found[option].as<std::string>().empty())
    throw InputError("missing " + std::string(name) + " (usage: memscale run " + std::string(run_usage) + ")");
  return found[option].as<std::string>();
}

int parse_threads(const std::string& text) {
  constexpr std::string_view why = "must be auto or a whole number between 1 and 1024";
  if (text == "auto") return available_cores();
  int threads = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), threads);
  if (error != std::errc() || end != text.data() + text.size() || threads < 1 || threads > 1024)
    throw invalid("threads", text, why);
  return threads;
}

}  // namespace

RunOptions parse_run_options(const std::vector<std::string>& arguments) {
  RunOptions options;
  options.command_line = "memscale run";
  for (const std::string& argument : arguments) options.command_line += ' ' + argument;

  std::vector<std::string> own = arguments;
  options.job_flags = take_job_flags(own);
  const po::variables_map found = parse(own);
  options.help = found.count("help") > 0;
  if (options.help) return options;
  options.threads = parse_threads(found["threads"].as<std::string>());
  options.force = found.count("force") > 0;
  options.job = required(found, "job", "JOB");
  options.store = required(found, "output", "-o STORE");
  return options;
}

int threads_of(const std::vector<std::string>& arguments) {
  try {
    return parse_run_options(arguments).threads;
  } catch (const InputError&) {
    return 1;
  }
}

}  // namespace memscale
