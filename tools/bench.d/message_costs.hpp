#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace memscale::bench {

/// What rank 0 spends on messages and results, in seconds of its leading thread.
struct MessageCosts {
  double latency = 0;         ///< from one rank to another
  double send = 0;            ///< of an assignment
  double send_trial = 0;      ///< and of each trial in it
  double receive = 0;         ///< of a report
  double receive_record = 0;  ///< and of each record in it
  double keep_record = 0;     ///< in a synced journal
};

/// Fields by name.
nlohmann::json to_json(const MessageCosts& costs);
MessageCosts message_costs(const nlohmann::json& fields);

/// Measures all of MessageCosts but keep_record as one of two ranks of mpirun; the first prints a line of JSON.
void take_message_phase();

}  // namespace memscale::bench
