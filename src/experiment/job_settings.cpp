#include "memscale/experiment/job_settings.hpp"

#include <algorithm>
#include <boost/program_options.hpp>
#include <cctype>
#include <iterator>
#include <sstream>

#include "memscale/core/error.hpp"
#include "memscale/experiment/job_text.hpp"

namespace memscale {

namespace {

namespace po = boost::program_options;

po::options_description registered_keys() {
  po::options_description description;
  for (const JobKey& key : job_keys())
    description.add_options()(std::string(key.name).c_str(), po::value<std::string>());
  return description;
}

JobSettings read_text(const std::string& text, const std::string& name) {
  const std::vector<JobLine> lines = job_lines(text, name);  // also refuses unknown sections and keys given twice
  std::istringstream stream(text);
  JobSettings settings;
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

}  // namespace

JobSettings read_flags(const std::vector<std::string>& flags) {
  using namespace po::command_line_style;
  require_values(flags);
  JobSettings settings;
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
      if (!settings.emplace(option.string_key, JobSetting{value, ""}).second)
        throw InputError("flag --" + option.string_key + " is given twice");
    }
  } catch (const po::error& error) {
    throw InputError(printable(error.what()));
  }
  return settings;
}

JobSettings read_settings(const std::string& text, const std::string& name, const std::vector<std::string>& flags) {
  JobSettings settings = read_flags(flags);
  settings.merge(read_text(text, name));
  return settings;
}

std::string flags_text(const JobSettings& flags) {
  std::string text;
  for (const auto& [key, setting] : flags) {
    text.append(text.empty() ? "--" : " --").append(key).append(" ");
    std::copy_if(setting.text.begin(), setting.text.end(), std::back_inserter(text),
                 [](char c) { return !std::isspace(static_cast<unsigned char>(c)); });
  }
  return text;
}

Axis axis_of(const JobKey& key, const JobSettings& settings) {
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

std::vector<OptimizerKind> optimizers_of(const JobSettings& settings) {
  const auto keys = job_keys();
  const auto key = std::find_if(keys.begin(), keys.end(), [](const JobKey& k) { return k.name == optimizer_key; });
  const Axis axis = axis_of(*key, settings);
  std::vector<OptimizerKind> optimizers;
  for (std::size_t i = 0; i < axis.size; ++i) {
    Trial trial;
    axis.set(trial, i);
    optimizers.push_back(trial.optimizer);
  }
  return optimizers;
}

}  // namespace memscale
