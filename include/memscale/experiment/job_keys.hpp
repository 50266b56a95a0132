#pragma once

#include <span>
#include <string>
#include <string_view>

#include "memscale/experiment/axis.hpp"

namespace memscale {

/// Fallback of an optimizer's own version of a [train] key: without it, that optimizer's trials take [train]'s.
inline constexpr std::string_view as_train = "as [train]";

/// The key whose axis chooses among the others: an optimizer's own keys are for its trials alone.
inline constexpr std::string_view optimizer_key = "grid.optimizer";

/// A key of a job file, and the flag of the same name.
struct JobKey {
  std::string_view name;      ///< "grid.d"
  std::string_view fallback;  ///< its text where the job gives none; empty: it must be given
  Axis (*parse)(std::string_view key, std::string_view text);
  /// Where the key `key` has none but `values` (a list without blanks), this one changes no trial.
  struct Idle {
    std::string_view key, values;
  } idle = {};

  std::string_view section() const { return name.substr(0, name.find('.')); }
  std::string_view leaf() const { return name.substr(name.find('.') + 1); }
};

/// All keys, in the order in which a grid nests them, outermost first. One line adds a key.
std::span<const JobKey> job_keys();

/// The names of the sections, "[grid], [problem], ...", and whether one is among them.
std::string joined_sections();
bool is_section(std::string_view name);

/// "unknown key grid.alhpa (did you mean grid.alpha?)"
std::string unknown_key_message(std::string_view name);

}  // namespace memscale
