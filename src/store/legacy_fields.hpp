#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// A field that is stored since a format after the first.
struct AddedField {
  std::string_view name;
  std::int64_t format;
};

template <class Part>
inline constexpr std::array<AddedField, 0> added_fields{};

template <>
inline constexpr std::array added_fields<Trial>{
    AddedField{"eta_growth", 2},   AddedField{"eta_growth_scale", 2},
    AddedField{"stop_growth", 2},  AddedField{"stop_window", 2},
    AddedField{"threshold", 2},    AddedField{"threshold_value", 2},
    AddedField{"momentum", 2},     AddedField{"beta1", 2},
    AddedField{"beta2", 2},        AddedField{"epsilon", 2},
    AddedField{"loss_measure", 2}, AddedField{"spectra_measure", 2},
    AddedField{"physics", 3},      AddedField{"frequencies", 4},
    AddedField{"groups", 4},       AddedField{"head_mass", 4},
    AddedField{"head_share", 4},   AddedField{"label_noise", 4},
    AddedField{"task_basis", 4},   AddedField{"representation", 4},
};

template <>
inline constexpr std::array added_fields<Result>{
    AddedField{"diverged_step", 2},
    AddedField{"loss", 2},
    AddedField{"update_largest", 2},
    AddedField{"update_smallest", 2},
    AddedField{"update_entropy", 2},
    AddedField{"update_effective_rank", 2},
    AddedField{"update_top_energy", 2},
    AddedField{"update_quartile_ratio", 2},
    AddedField{"weights_largest", 2},
    AddedField{"weights_smallest", 2},
    AddedField{"weights_entropy", 2},
    AddedField{"weights_effective_rank", 2},
    AddedField{"weights_top_energy", 2},
    AddedField{"weights_quartile_ratio", 2},
    AddedField{"polar_distance", 2},
    AddedField{"polar_cosine", 2},
    AddedField{"loss_floor", 4},
    AddedField{"gap", 4},
    AddedField{"min_probability", 4},
    AddedField{"max_probability", 4},
    AddedField{"imbalance", 4},
    AddedField{"rho_0_5", 4},
    AddedField{"rho_0_1", 4},
    AddedField{"rho_0_01", 4},
    AddedField{"rho_0_001", 4},
    AddedField{"centered_largest", 4},
    AddedField{"centered_smallest", 4},
};

/// Of those of Trace, the others are stored since first_format_with_traces.
template <>
inline constexpr std::array added_fields<Trace>{
    AddedField{"gap", 4},
    AddedField{"min_probability", 4},
    AddedField{"max_probability", 4},
    AddedField{"group_loss", 4},
};

template <>
inline constexpr std::array added_fields<Cost>{
    AddedField{"seconds_measures", 2},
    AddedField{"threads", 2},
    AddedField{"softmax_kernel", 2},
};

/// Whether stores of `format` hold the field `name` of Part (Trial, Result, Trace or Cost).
template <class Part>
bool is_stored(std::string_view name, std::int64_t format) {
  return std::none_of(added_fields<Part>.begin(), added_fields<Part>.end(),
                      [&](const AddedField& field) { return field.name == name && field.format > format; });
}

/// Traces and recall curves are stored since this format.
inline constexpr std::int64_t first_format_with_traces = 2;

/// Trials were all of the gaussian model before this format.
inline constexpr std::int64_t first_format_with_orthogonal = 4;

/// Whether a version of this physics wrote stores of this earlier format. Formats 1 and 2 held the results of one
/// physics version each, 3 those of both.
inline bool is_legacy(std::int64_t format, std::int64_t physics) {
  return (physics == 1 || physics == 2) && (format == physics || format == 3);
}

/// Fills in what `format` did not hold: the physics version and, in format 1, the trace of the one step that its trials
/// had. Throws std::out_of_range for more steps, for trials that the format did not know, and as require_sound does.
void complete_legacy_record(Record& record, std::int64_t format, std::int64_t physics);

}  // namespace memscale
