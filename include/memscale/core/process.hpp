#pragma once

#include <sys/types.h>

#include <string>

namespace memscale {

/// This machine's name. Throws std::system_error.
std::string host_name();

/// Whether a process of this machine exists and has not ended (one that nobody has waited for yet has).
bool is_alive(pid_t pid);

}  // namespace memscale
