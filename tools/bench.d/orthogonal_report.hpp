#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace memscale::bench {

/// The tables of `measured`, as run_orthogonal writes it, and whether all found the same losses.
std::string orthogonal_report(const nlohmann::json& measured);

}  // namespace memscale::bench
