#include "memscale/experiment/job_file.hpp"

#include <boost/program_options.hpp>
#include <map>
#include <set>
#include <sstream>

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/job_keys.hpp"
#include "memscale/experiment/job_text.hpp"

namespace memscale {

namespace {

namespace po = boost::program_options;

/// What a job says of one key, and where ("fig2.cfg:3: "; empty for a flag).
struct Setting {
  std::string text;
  std::string where;
};
using Settings = std::map<std::string, Setting, std::less<>>;

po::options_description registered_keys() {
  po::options_description description;
  for (const JobKey& key : job_keys())
    description.add_options()(std::string(key.name).c_str(), po::value<std::string>());
  return description;
}

Settings read_settings(const std::string& text, const std::string& name) {
  const std::vector<JobLine> lines = job_lines(text, name);  // also refuses unknown sections and keys given twice
  std::istringstream stream(text);
  Settings settings;
  try {
    for (const po::option& option : po::parse_config_file(stream, registered_keys(), true).options) {
      const std::string where = where_is(option.string_key, lines, name);
      if (option.unregistered) throw InputError(where + unknown_key_message(option.string_key));
      settings[option.string_key] = {option.value.empty() ? "" : option.value.front(), where};
    }
  } catch (const po::error& error) {
    throw InputError(name + ": " + printable(error.what()));
  }
  return settings;
}

/// Throws InputError for "--grid.d=", of which Boost would not say what is missing.
void require_values(const std::vector<std::string>& flags) {
  for (const std::string& flag : flags)
    if (flag.starts_with("--") && flag.find('=') == flag.size() - 1)
      throw InputError("flag " + printable(flag.substr(0, flag.size() - 1)) + " needs a value");
}

Settings read_flags(const std::vector<std::string>& flags) {
  require_values(flags);
  Settings settings;
  using namespace po::command_line_style;
  try {
    const auto parsed = po::command_line_parser(flags)
                            .options(registered_keys())
                            .style(allow_long | long_allow_adjacent | long_allow_next)
                            .allow_unregistered()
                            .run();
    for (const po::option& option : parsed.options) {
      if (option.position_key >= 0 || option.string_key.empty())
        throw InputError("unexpected argument " +
                         printable(option.original_tokens.empty() ? "" : option.original_tokens.front()));
      if (option.unregistered) throw InputError(unknown_key_message(option.string_key));
      const std::string value = option.value.empty() ? "" : option.value.front();
      if (value.empty() || value.starts_with("--")) throw InputError("flag --" + option.string_key + " needs a value");
      if (!settings.emplace(option.string_key, Setting{value, ""}).second)
        throw InputError("flag --" + option.string_key + " is given twice");
    }
  } catch (const po::error& error) {
    throw InputError(printable(error.what()));
  }
  return settings;
}

/// The axis that `settings` give to `key`.
Axis axis_of(const JobKey& key, const Settings& settings) {
  const auto found = settings.find(key.name);
  if (found == settings.end()) {
    if (key.fallback.empty())
      throw InputError("missing key " + std::string(key.name) + " (the job must give it: it has no default)");
    return key.parse(key.leaf(), key.fallback);
  }
  try {
    return key.parse(key.leaf(), found->second.text);
  } catch (const InputError& error) {
    throw InputError(found->second.where + error.what());
  }
}

std::vector<OptimizerKind> optimizers_of(const Axis& axis) {
  std::vector<OptimizerKind> optimizers;
  for (std::size_t i = 0; i < axis.size; ++i) {
    Trial trial;
    axis.set(trial, i);
    optimizers.push_back(trial.optimizer);
  }
  return optimizers;
}

}  // namespace

Grid parse_grid(const std::string& text, const std::string& name, const std::vector<std::string>& flags) {
  Settings settings = read_flags(flags);
  settings.merge(read_settings(text, name));
  Grid grid;
  for (const JobKey& key : job_keys()) {
    if (key.fallback == as_train && !settings.contains(key.name)) continue;
    Axis axis = axis_of(key, settings);
    const auto owner = find_enum<OptimizerKind>(key.section());
    if (key.name == "grid.optimizer")
      grid.optimizers = optimizers_of(axis);
    else if (owner)
      grid.own[*owner].push_back(std::move(axis));
    else
      grid.common.push_back(std::move(axis));
  }
  return grid;
}

Job read_job(const std::filesystem::path& file, const std::vector<std::string>& flags) {
  Job job;
  job.text = read_job_text(file);
  job.trials = expand(parse_grid(job.text, printable(file.filename().string()), flags));
  return job;
}

}  // namespace memscale
