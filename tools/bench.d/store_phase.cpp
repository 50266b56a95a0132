#include "store_phase.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "machine.hpp"
#include "memscale/experiment/record_bytes.hpp"
#include "memscale/store/file.hpp"
#include "pauses.hpp"
#include "record_maker.hpp"
#include "samples.hpp"
#include "store_run.hpp"

namespace memscale::bench {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

StoreRun start(const json& request) {
  return StoreRun(request.at("job").get<std::string>(), request.at("store").get<std::string>());
}

RecordMaker maker_of(const json& request) {
  return RecordMaker(request.at("steps").get<std::int64_t>());
}

double size_of(const fs::path& path) {
  if (!fs::is_directory(path)) return static_cast<double>(fs::file_size(path));
  double size = 0;
  for (const auto& entry : fs::directory_iterator(path)) size += static_cast<double>(entry.file_size());
  return size;
}

/// Seconds that the disk takes for `count` blocks with an fdatasync after each, without any store.
double write_blocks(const fs::path& path, const std::vector<std::byte>& block, std::int64_t count) {
  const double seconds = seconds_of([&] {
    const FileDescriptor file = open_file(path, O_WRONLY | O_CREAT | O_EXCL);
    for (std::int64_t i = 0; i < count; ++i) {
      write_all(file, block, path);
      if (fdatasync(file.get()) != 0) throw_system_error(errno, "sync", path);
    }
  });
  remove_file(path);
  return seconds;
}

/// Appends the records of all trials to an empty store, then dies without finishing it.
json write_journal(const json& request) {
  StoreRun run = start(request);
  RecordMaker maker = maker_of(request);
  const auto records = static_cast<std::int64_t>(run.scheduler->remaining());
  constexpr std::int64_t block_records = 1000;  // as the store syncs
  std::vector<std::byte> block;
  const double making = seconds_of([&] {
    for (std::int64_t i = 0; i < records; ++i) maker.make(run.first);
  });
  for (std::int64_t i = 0; i < std::min(records, block_records); ++i) {
    const auto bytes = encode_record(maker.make(run.first));
    block.insert(block.end(), bytes.begin(), bytes.end());
  }
  // Half of the disk's own rate before, half after: it drifts.
  const std::int64_t half = std::max<std::int64_t>(1, records / block_records / 2);
  const fs::path plain = request.at("store").get<std::string>() + ".plain";
  double disk = write_blocks(plain, block, half);

  Pauses pauses;
  const double cpu = cpu_seconds();
  const double seconds = seconds_of([&] {
    run.each([&](const Trial& trial) {
      const Record& record = maker.make(trial);
      pauses.time([&] { run.store->append(record); });
    });
    run.store->sync();
  });
  json row = pauses.summary();
  row["cpu_seconds"] = cpu_seconds() - cpu;
  disk += write_blocks(plain, block, half);
  const double bytes = size_of(request.at("store").get<std::string>() + ".journal");
  row.update({{"records", records},
              {"seconds", seconds},
              {"rate", static_cast<double>(records) / seconds},
              {"bytes", bytes},
              {"bytes_a_record", bytes / static_cast<double>(records)},
              {"bytes_a_second", bytes / seconds},
              {"disk_bytes_a_second", 2 * static_cast<double>(half) * static_cast<double>(block.size()) / disk},
              {"making_seconds", making},
              {"start_seconds", run.seconds()}});
  return row;
}

/// Reads job and store of which all trials are held.
json resume(const json& request) {
  const double cpu = cpu_seconds();
  StoreRun run = start(request);
  const double used = cpu_seconds() - cpu;
  if (run.store->size() != run.trials || run.scheduler->remaining() != 0)
    throw std::runtime_error("the store has lost trials");
  return {{"records", run.store->size()},     {"seconds", run.seconds()},         {"read_seconds", run.read_seconds},
          {"open_seconds", run.open_seconds}, {"plan_seconds", run.plan_seconds}, {"cpu_seconds", used}};
}

/// Goes on appending while the store writes its first snapshot on a thread of its own: other trials than the job's.
json snapshot_meanwhile(const json& request) {
  if (setenv("MEMSCALE_SNAPSHOT_SECONDS", "0", 1) != 0) throw std::runtime_error("the environment cannot be changed");
  StoreRun run = start(request);
  RecordMaker maker = maker_of(request);
  const auto seeds = static_cast<std::int64_t>(run.trials) / request.at("trials_a_seed").get<std::int64_t>();
  Trial trial = run.first;
  trial.seed += seeds;
  const auto append = [&](Pauses& pauses) {
    ++trial.seed;
    const Record& record = maker.make(trial);
    pauses.time([&] { run.store->append(record); });
  };
  const auto put = [](json& row, const std::string& key, Pauses& pauses, double seconds) {
    row[key] = pauses.summary();
    row[key]["records"] = pauses.count();
    row[key]["rate"] = static_cast<double>(pauses.count()) / seconds;
  };

  json row{{"records", run.store->size()}};
  const fs::path snapshot = request.at("store").get<std::string>();
  const std::size_t most = 4 * run.trials;  // for the disk's sake
  Pauses meanwhile, alone;
  double appending = 0;
  const double cpu = cpu_seconds();
  row["seconds"] = seconds_of([&] {
    Pauses::Clock::time_point begun = Pauses::Clock::now();
    meanwhile.time([&] { run.store->snapshot_if_due(); });
    row["begin_seconds"] = std::chrono::duration<double>(Pauses::Clock::now() - begun).count();
    for (std::int64_t i = 0; i % 100 != 0 || access(snapshot.c_str(), F_OK) != 0; ++i) {
      if (meanwhile.count() < most) {
        append(meanwhile);
        appending = std::chrono::duration<double>(Pauses::Clock::now() - begun).count();
      } else if (Pauses::Clock::now() - begun > std::chrono::minutes(10)) {
        throw std::runtime_error("the snapshot does not come");
      } else {
        std::this_thread::sleep_for(std::chrono::microseconds(100));
      }
    }
  });
  row["cpu_seconds"] = cpu_seconds() - cpu;
  put(row, "meanwhile", meanwhile, appending);
  const double alone_seconds = seconds_of([&] {
    while (alone.count() < std::max<std::size_t>(run.trials / 5, 1)) append(alone);
  });
  put(row, "alone", alone, alone_seconds);
  return row;
}

/// The end of a complete run.
json finish(const json& request) {
  StoreRun run = start(request);
  const double cpu = cpu_seconds();
  const double seconds = seconds_of([&] { run.store->finish(); });
  const double bytes = size_of(request.at("store").get<std::string>());
  return {{"records", run.store->size()},
          {"seconds", seconds},
          {"cpu_seconds", cpu_seconds() - cpu},
          {"bytes", bytes},
          {"bytes_a_record", bytes / static_cast<double>(run.store->size())}};
}

/// A finished store of all trials, for others to read.
json write_whole(const json& request) {
  StoreRun run = start(request);
  RecordMaker maker = maker_of(request);
  run.each([&](const Trial& trial) { run.store->append(maker.make(trial)); });
  run.store->finish();
  return {{"records", run.store->size()}};
}

json take(const json& request) {
  const std::string phase = request.at("phase");
  if (phase == "journal") return write_journal(request);
  if (phase == "resume") return resume(request);
  if (phase == "snapshot") return snapshot_meanwhile(request);
  if (phase == "finish") return finish(request);
  if (phase == "whole") return write_whole(request);
  throw std::runtime_error("no phase " + phase);
}

}  // namespace

void take_store_phase(const std::string& request) {
  json row = take(json::parse(request));
  row["peak"] = peak_memory("self");
  std::printf("%s\n", row.dump().c_str());
}

}  // namespace memscale::bench
