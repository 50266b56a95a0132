#pragma once

namespace memscale {

/// Opens /dev/null for each of standard input, output and error that the caller closed: else the next file that the
/// program opens, a journal perhaps, would take its number and receive its messages. Call it first in main.
void open_standard_streams();

/// Whether all that was written to standard output has arrived.
bool flush_standard_output();

}  // namespace memscale
