#include "memscale/store/run_state.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/store/file.hpp"

namespace memscale {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t longest_file = 64 << 10;  // most_running_shown trials take 10 kB
constexpr std::size_t longest_word = 255;

std::filesystem::path state_name(const StorePath& path) {
  return path.journal / "run-state.json";
}

std::filesystem::path temporary_name(const StorePath& path) {
  return path.journal / "run-state.json.tmp";
}

/// What is no number in JSON becomes null.
Json to_json(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}
Json to_json(std::int64_t value) {
  return value;
}
Json to_json(std::uint64_t id) {
  return to_hex(id);
}
Json to_json(const std::string& text) {
  return text.substr(0, longest_word);
}
Json to_json(const std::optional<double>& value) {
  return value ? to_json(*value) : Json(nullptr);
}

// Each throws for another type and for values that no run writes.
void require(bool sound) {
  if (!sound) throw std::invalid_argument("not a run's state");
}

void from_json(const Json& json, double& value) {
  require(json.is_number());
  value = json.get<double>();
}
void from_json(const Json& json, std::int64_t& value) {
  require(json.is_number_unsigned() && json.get<std::uint64_t>() <= 1e18);
  value = json.get<std::int64_t>();
}
void from_json(const Json& json, std::uint64_t& id) {
  id = parse_hex("id", json.get<std::string>());
}
void from_json(const Json& json, std::string& text) {
  text = single_line(json.get<std::string>());
  require(text.size() <= longest_word);
}
void from_json(const Json& json, std::optional<double>& value) {
  if (json.is_null()) return;
  value.emplace();
  from_json(json, *value);
}

template <class T>
Json fields_of(const T& source) {
  Json json = Json::object();
  for_each_field(source, [&](const char* name, const auto& value) { json[name] = to_json(value); });
  return json;
}

template <class T>
T read_fields(const Json& json) {
  T target;
  for_each_field(target, [&](const char* name, auto& value) { from_json(json.at(name), value); });
  return target;
}

std::string text_of(const RunState& state) {
  Json json = fields_of(state);
  json["trials"] = Json::array();
  for (const RunningTrial& trial : state.trials)
    if (json["trials"].size() < most_running_shown) json["trials"].push_back(fields_of(trial));
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

RunState parse_state(const std::string& text) {
  const Json json = Json::parse(text);
  RunState state = read_fields<RunState>(json);
  require(json.at("trials").is_array() && json.at("trials").size() <= most_running_shown);
  for (const Json& trial : json.at("trials")) state.trials.push_back(read_fields<RunningTrial>(trial));
  return state;
}

/// The file's text; empty if it is too long to be a state.
std::string read_text(const std::filesystem::path& name) {
  const FileDescriptor file = open_file(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  std::string text(longest_file + 1, '\0');
  text.resize(read_at(file, 0, std::as_writable_bytes(std::span(text)), name));
  return text.size() > longest_file ? std::string() : text;
}

}  // namespace

void write_run_state(const StorePath& path, const RunState& state) noexcept try {
  const std::filesystem::path temporary = temporary_name(path);
  const std::string text = text_of(state);
  write_all(open_file(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK),
            std::as_bytes(std::span(text)), temporary);
  if (std::rename(temporary.c_str(), state_name(path).c_str()) != 0) throw_system_error(errno, "rename", temporary);
} catch (const std::exception&) {
  ::unlink(temporary_name(path).c_str());
}

std::optional<RunState> read_run_state(const StorePath& path) try {
  return parse_state(read_text(state_name(path)));
} catch (const std::exception&) {
  return std::nullopt;
}

void remove_run_state(const StorePath& path) noexcept {
  ::unlink(state_name(path).c_str());
  ::unlink(temporary_name(path).c_str());
}

}  // namespace memscale
