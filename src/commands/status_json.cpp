#include <nlohmann/json.hpp>

#include "memscale/commands/status_text.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json trials_json(const StoreReport& report, double now) {
  const TrialCounts counts = counts_of(report, now);
  Json json;
  json["total"] = counts.pending ? Json(counts.total) : Json(nullptr);
  for (std::size_t code = 0; code < report.trials.size(); ++code)
    json[std::string(EnumNames<TrialStatus>::names[code])] = report.trials[code];
  json["running"] = counts.running;
  json["pending"] = or_null(counts.pending);
  return json;
}

Json run_json(const RunState& state, double now) {
  Json json;
  for_each_field(state, [&]<class T>(const char* name, const T& value) {
    if constexpr (std::is_same_v<T, std::optional<double>>)
      json[name] = or_null(value);
    else
      json[name] = value;
  });
  json["elapsed_seconds"] = state.updated - state.started;
  json["heard_seconds_ago"] = now - state.updated;
  json["trials"] = Json::array();
  for (const RunningTrial& trial : state.trials) {
    Json one;
    for_each_field(trial, [&]<class T>(const char* name, const T& value) { one[name] = value; });
    one["id"] = to_hex(trial.id);
    json["trials"].push_back(std::move(one));
  }
  return json;
}

Json failures_json(const StoreReport& report) {
  Json json = Json::array();
  for (const StoreReport::Failure& failure : report.failures)
    json.push_back({{"message", failure.message}, {"count", failure.count}, {"first", to_hex(failure.first)}});
  return json;
}

Json failed_json(const StoreReport& report) {
  Json json = Json::array();
  for (const StoreReport::FailedTrial& trial : report.failed_trials)
    json.push_back({{"id", to_hex(trial.id)}, {"message", trial.message}, {"parameters", trial.parameters}});
  return json;
}

}  // namespace

std::string status_json(const StoreReport& report, const std::string& store, double now) {
  Json json;
  json["store"] = store;
  json["time"] = now;
  json["format"] = report.format;
  json["job"] = report.job.empty() ? Json(nullptr) : Json(report.job);
  json["jobs"] = report.jobs;
  json["trials"] = trials_json(report, now);
  json["check"] = check_status(report);
  json["phase"] = name_of(phase_of(report, now));
  json["run"] = report.state ? run_json(*report.state, now) : Json(nullptr);
  json["holder"] = nullptr;
  if (const auto& holder = report.holder)
    json["holder"] = {{"host", holder->host}, {"pid", holder->pid}, {"started", holder->started}};
  json["last_result"] = or_null(report.last_result);
  json["snapshot"] = nullptr;
  if (report.snapshot_made) json["snapshot"] = {{"bytes", report.snapshot_bytes}, {"made", *report.snapshot_made}};
  json["journal"] = {{"bytes", report.journal_bytes}, {"segments", report.segments}, {"trials", report.journal_trials}};
  json["failures"] = failures_json(report);
  json["failed"] = failed_json(report);
  json["problems"] = report.problems;
  json["notes"] = report.notes;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace memscale
