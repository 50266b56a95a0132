#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// The fields of Part (Trial, Result or Trace) that orthogonal memories alone have. A gaussian trial's hold what a new
/// Part does, and neither its id nor the digest of its outcome knows of them.
template <class Part>
inline constexpr std::array<std::string_view, 0> orthogonal_fields{};

template <>
inline constexpr std::array<std::string_view, 7> orthogonal_fields<Trial>{
    "frequencies", "groups", "head_mass", "head_share", "label_noise", "task_basis", "representation"};

template <>
inline constexpr std::array<std::string_view, 11> orthogonal_fields<Result>{
    "loss_floor", "gap",      "min_probability", "max_probability",  "imbalance",        "rho_0_5",
    "rho_0_1",    "rho_0_01", "rho_0_001",       "centered_largest", "centered_smallest"};

template <>
inline constexpr std::array<std::string_view, 4> orthogonal_fields<Trace>{"gap", "min_probability", "max_probability",
                                                                          "group_loss"};

template <class Part>
constexpr bool is_orthogonal_only(std::string_view name) {
  return std::find(orthogonal_fields<Part>.begin(), orthogonal_fields<Part>.end(), name) !=
         orthogonal_fields<Part>.end();
}

}  // namespace memscale
