#include "memscale/commands/trial_text.hpp"

#include <bit>
#include <cstdint>
#include <vector>

#include "memscale/core/enum_names.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/model_fields.hpp"

namespace memscale {

namespace {

/// Each field's bits, in the order of Trial.
std::vector<std::uint64_t> bits_of(const Trial& trial) {
  std::vector<std::uint64_t> bits;
  for_each_field(trial, [&]<class T>(const char*, const T& value) {
    if constexpr (std::is_same_v<T, double>)
      bits.push_back(std::bit_cast<std::uint64_t>(value));
    else
      bits.push_back(static_cast<std::uint64_t>(value));
  });
  return bits;
}

template <class T>
std::string value_text(const T& value) {
  if constexpr (NamedEnum<T>)
    return std::string(name_of(value));
  else
    return to_text(value);
}

/// canonical() sets what does not apply to 0 or `none`; of these two fields 0 is a value like others.
template <class T>
bool applies(std::string_view name, const T& value) {
  if (name == "kappa" || name == "seed") return true;
  if constexpr (NamedEnum<T>)
    return name_of(value) != "none";
  else
    return value != T{};
}

std::string text_of(const Trial& trial, const std::set<std::string_view>& names, bool wanted) {
  std::string text;
  for_each_field(trial, [&](const char* name, const auto& value) {
    if (names.contains(name) != wanted || !applies(name, value)) return;
    if (trial.model != ModelKind::orthogonal && is_orthogonal_only<Trial>(name)) return;
    text.append(text.empty() ? "" : " ").append(name).append("=").append(value_text(value));
  });
  return text;
}

}  // namespace

std::set<std::string_view> varying_fields(std::span<const Trial> trials) {
  std::set<std::string_view> names;
  if (trials.empty()) return names;
  const std::vector<std::uint64_t> first = bits_of(trials.front());
  std::vector<bool> varies(first.size());
  for (const Trial& trial : trials) {
    const std::vector<std::uint64_t> bits = bits_of(trial);
    for (std::size_t i = 0; i < bits.size(); ++i)
      if (bits[i] != first[i]) varies[i] = true;
  }
  std::size_t field = 0;
  for_each_field(trials.front(), [&](const char* name, const auto&) {
    if (varies[field++]) names.insert(name);
  });
  return names;
}

std::string fields_text(const Trial& trial, const std::set<std::string_view>& names) {
  return text_of(trial, names, true);
}

std::string other_fields_text(const Trial& trial, const std::set<std::string_view>& names) {
  return text_of(trial, names, false);
}

}  // namespace memscale
