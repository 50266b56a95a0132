#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace memscale::bench {

/// "Intel(R) Xeon(R) ...", as the kernel names it.
std::string cpu_name();

/// Writes `everything` to `file`. Throws std::runtime_error where it cannot.
void write_json(const std::string& file, const nlohmann::json& everything);

/// High-water mark of a process's resident memory so far, in bytes; "self" is this one. NaN where it is not known.
double peak_memory(const std::string& process);

}  // namespace memscale::bench
