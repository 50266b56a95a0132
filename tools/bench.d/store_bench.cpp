#include "store_bench.hpp"

#include <sys/vfs.h>

#include <cmath>
#include <cstdio>
#include <filesystem>

#include "companion.hpp"
#include "folder.hpp"
#include "machine.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/thread_team.hpp"
#include "record_maker.hpp"
#include "rivals.hpp"
#include "store_report.hpp"

namespace memscale::bench {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// "ext4", or what statfs says of a file system without a name here.
std::string file_system(const fs::path& folder) {
  struct statfs found {};
  if (statfs(folder.c_str(), &found) != 0) return "unknown";
  switch (static_cast<std::uint32_t>(found.f_type)) {  // man 2 statfs
    case 0xEF53:
      return "ext4";
    case 0x58465342:
      return "xfs";
    case 0x9123683E:
      return "btrfs";
    case 0x01021994:
      return "tmpfs: in memory, where syncs cost nothing";
    case 0x6969:
      return "nfs";
    case 0x794C7630:
      return "overlayfs";
    default:
      char text[40];
      std::snprintf(text, sizeof text, "of type 0x%lx", static_cast<unsigned long>(found.f_type));
      return text;
  }
}

void progress(const std::string& what) {
  std::fprintf(stderr, "memscale-bench: %s\n", what.c_str());
}

/// One benchmark's jobs and stores in a folder.
class Stores {
 public:
  Stores(const Folder& folder, std::int64_t records, std::int64_t steps)
      : folder_(folder), records_(records), steps_(steps) {
    write_text(folder / "job.cfg", job_text(records, steps));
  }

  /// Runs a phase on the store NAME in a process of its own.
  json take(const std::string& phase, const std::string& name) const {
    progress(std::to_string(records_) + " records of " + std::to_string(steps_) +
             (steps_ == 1 ? " step, " : " steps, ") + phase);
    const json request{{"phase", phase},
                       {"job", folder_.path() + "/job.cfg"},
                       {"store", (folder_ / name).string()},
                       {"steps", steps_},
                       {"trials_a_seed", trials_a_seed}};
    Companion process({"/proc/self/exe", "--store-phase", request.dump()});
    try {
      return *process.next(HUGE_VAL);
    } catch (const std::exception& error) {
      throw std::runtime_error("phase " + phase + ": " + error.what());
    }
  }
  /// The store `to`, of the same journal as `from`: segments never change once their process has ended.
  void link_journal(const std::string& from, const std::string& to) const {
    fs::create_directory(folder_ / (to + ".journal"));
    for (const auto& entry : fs::directory_iterator(folder_ / (from + ".journal")))
      if (entry.path().filename().string().starts_with("journal-"))
        fs::create_hard_link(entry.path(), folder_ / (to + ".journal") / entry.path().filename().string());
  }
  void remove(const std::string& name) const {
    fs::remove_all(folder_ / name);
    fs::remove_all(folder_ / (name + ".journal"));
  }

 private:
  const Folder& folder_;
  std::int64_t records_, steps_;
};

json measure_stores(const Folder& folder, std::int64_t records, std::int64_t steps) {
  const Stores stores(folder, records, steps);
  json row{{"records", records}, {"steps", steps}};
  row["journal"] = stores.take("journal", "killed.h5");
  row["resume"] = stores.take("resume", "killed.h5");
  stores.link_journal("killed.h5", "live.h5");
  row["snapshot"] = stores.take("snapshot", "live.h5");
  stores.remove("live.h5");
  row["finish"] = stores.take("finish", "killed.h5");
  row["resume_snapshot"] = stores.take("resume", "killed.h5");
  stores.remove("killed.h5");
  return row;
}

json measure_rivals(const StoreOptions& options, const Folder& folder, Rivals& rivals) {
  json rows = json::object();
  if (rivals.empty()) return rows;
  // Enough not to be alike, few enough for Python's memory; they come again and again.
  const Stores stores(folder, std::min<std::int64_t>(options.records, 20000), options.steps);
  stores.take("whole", "source.h5");
  rivals.each([&](Rival& rival) {
    progress(rival.name);
    json row = rival.process.ask({{"do", "write"},
                                  {"source", (folder / "source.h5").string()},
                                  {"file", (folder / (rival.key + ".store")).string()},
                                  {"seconds", options.rival_seconds},
                                  {"most", options.records}});
    row["rate"] = row.at("records").get<double>() / row.at("seconds").get<double>();
    row["bytes_a_record"] = row.at("bytes").get<double>() / row.at("records").get<double>();
    rows[rival.key] = row;
  });
  return rows;
}

json measure(const StoreOptions& options, Rivals& rivals) {
  const Folder folder(options.folder);
  json measured;
  measured["rivals"] = measure_rivals(options, folder, rivals);
  measured["trace"] = measure_stores(folder, options.records, options.steps);
  measured["scalar"] = measure_stores(folder, options.scalar_records, 1);
  return measured;
}

}  // namespace

void run_store(const StoreOptions& options) {
  if (!options.from.empty()) {
    std::printf("%s", store_report(read_measured(options.from, "store", "trace")).c_str());
    return;
  }
  if (!options.json.empty()) write_json(options.json, json::object());  // a place that cannot be written, said at once
  const double load = machine_load();
  Rivals rivals(options.python,
                {{"h5py", "h5py", "h5py", "h5py_store.py"}, {"sqlite", "SQLite", "h5py", "sqlite_store.py"}});
  const json machine{{"cpu", cpu_name() + ", " + std::to_string(available_cores()) + " cores"},
                     {"folder", "stores in " + options.folder + " (" + file_system(options.folder) + ")"},
                     {"rivals", rivals.described()}};
  std::printf("memscale %s on %s\n%s\n", MEMSCALE_VERSION, machine["cpu"].get<std::string>().c_str(),
              machine["folder"].get<std::string>().c_str());
  for (const std::string& line : rivals.described()) std::printf("%s\n", line.c_str());
  std::fflush(stdout);
  json measured = measure(options, rivals);
  measured["load"] = load;
  measured["cores"] = available_cores();
  std::printf("%s", store_report(measured).c_str());
  if (!options.json.empty())
    write_json(options.json, {{"machine", machine}, {"measured", measured}, {"rows", to_json(store_rows(measured))}});
}

}  // namespace memscale::bench
