#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>

#include "memscale/experiment/trial.hpp"

namespace memscale {

/// The names of the fields in which some of these trials differ.
std::set<std::string_view> varying_fields(std::span<const Trial> trials);

/// "d=64 alpha=1.5 optimizer=muon": those of a canonical trial's fields that are among `names`, in the order of Trial.
/// What does not apply to the trial is left out.
std::string fields_text(const Trial& trial, const std::set<std::string_view>& names);

/// The same of all fields but those.
std::string other_fields_text(const Trial& trial, const std::set<std::string_view>& names);

}  // namespace memscale
