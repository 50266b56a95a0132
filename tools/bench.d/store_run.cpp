#include "store_run.hpp"

#include "samples.hpp"

namespace memscale::bench {

StoreRun::StoreRun(const std::filesystem::path& job_file, const std::filesystem::path& path) {
  read_seconds = seconds_of([&] { job = read_job(job_file, {}); });
  open_seconds = seconds_of([&] {
    const JobEntry entry{
        .text = job.text, .flags = job.flags, .parameters = job.parameters, .version = MEMSCALE_VERSION, .forced = {}};
    store = std::make_unique<ResultStore>(path, Writer{entry, "memscale run " + job_file.string()});
  });
  plan_seconds = seconds_of([&] {
    for (std::size_t i = 0; i < job.trials.size(); ++i) {
      const auto status = store->status_of(job.ids[i]);
      if (!status || *status == TrialStatus::failed) to_run.push_back(job.trials[i]);
    }
    queue = std::make_unique<TrialQueue>(to_run);
  });
}

}  // namespace memscale::bench
