#include "fit_phase.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "fit_shape.hpp"
#include "programs.hpp"
#include "record_maker.hpp"
#include "samples.hpp"
#include "store_run.hpp"

namespace memscale::bench {

namespace {

using nlohmann::json;

/// A factor about 1 that no two trials share, by SplitMix64's mixing.
double noise_of(const Trial& trial) {
  std::uint64_t z = trial_id(trial) * 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  return std::exp(0.2 * static_cast<double>(static_cast<std::int64_t>(z ^ (z >> 31))) * 0x1p-63);
}

json write_store(const json& request) {
  StoreRun run(request.at("job").get<std::string>(), request.at("store").get<std::string>());
  RecordMaker maker(request.at("steps").get<std::int64_t>());
  Record record;
  run.each([&](const Trial& trial) {
    record = maker.make(trial);
    const double noise = noise_of(trial);
    const auto capacity = [&](std::int64_t step) {
      return std::min<double>(std::max(1.0, std::round(planted_capacity(trial, step) * noise)), 99999);
    };
    for (std::size_t i = 0; i < record.trace.capacity.size(); ++i)
      record.trace.capacity[i] = capacity(static_cast<std::int64_t>(i) + 1);
    record.result.capacity = static_cast<std::int64_t>(capacity(trial.steps));
    run.store->append(record);
  });
  run.store->finish();
  return {{"records", run.store->size()}};
}

double seconds_in(const timeval& t) {
  return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
}

/// In this process, which has no other child.
json run_command(const json& request) {
  json row;
  row["seconds"] = seconds_of([&] {
    QuietRun run(request.at("command").get<Command>(), request.at("log").get<std::string>());
    run.finish();
  });
  rusage used{};
  if (getrusage(RUSAGE_CHILDREN, &used) != 0) throw std::runtime_error("no resources of the program");
  constexpr double kib = 1024;
  row["cpu_seconds"] = seconds_in(used.ru_utime) + seconds_in(used.ru_stime);
  row["peak"] = kib * static_cast<double>(used.ru_maxrss);
  return row;
}

}  // namespace

void take_fit_phase(const std::string& request_text) {
  const json request = json::parse(request_text);
  const json row = request.contains("command") ? run_command(request) : write_store(request);
  std::printf("%s\n", row.dump().c_str());
}

}  // namespace memscale::bench
