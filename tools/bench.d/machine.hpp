#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace memscale::bench {

/// "Intel(R) Xeon(R) ...", as the kernel names it.
std::string cpu_name();

/// Programs that ran or waited to run on this machine, over the last minute.
double machine_load();

/// What a reader must know of a machine whose load was `load` before the measurements; empty for an idle one.
std::string load_note(double load, int cores);

/// CPU time of all threads of this process so far, and of the calling thread.
double cpu_seconds();
double cpu_seconds_of_thread();

/// Writes `everything` to `file`. Throws std::runtime_error where it cannot.
void write_json(const std::string& file, const nlohmann::json& everything);

/// "measured" of a file that memscale-bench SUBJECT --json wrote, which holds `key`. Throws InputError for another
/// file.
nlohmann::json read_measured(const std::string& file, const std::string& subject, const char* key);

/// High-water mark of a process's resident memory so far, in bytes; "self" is this one. NaN where it is not known.
double peak_memory(const std::string& process);

}  // namespace memscale::bench
