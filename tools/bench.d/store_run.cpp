#include "store_run.hpp"

#include "memscale/experiment/job_file.hpp"
#include "samples.hpp"

namespace memscale::bench {

StoreRun::StoreRun(const std::filesystem::path& job_file, const std::filesystem::path& path, int ranks) {
  Job job;
  read_seconds = seconds_of([&] { job = read_job(job_file, {}); });
  trials = job.trials.size();
  first = job.trials.front();
  open_seconds = seconds_of([&] {
    const JobEntry entry{
        .text = job.text, .flags = job.flags, .parameters = job.parameters, .version = MEMSCALE_VERSION, .forced = {}};
    store = std::make_unique<ResultStore>(path, Writer{entry, "memscale run " + job_file.string()});
  });
  plan_seconds = seconds_of([&] {
    std::size_t missing = 0;
    for (std::size_t i = 0; i < job.ids.size(); ++i) {
      const auto status = store->status_of(job.ids[i]);
      if (!status || *status == TrialStatus::failed) job.trials[missing++] = job.trials[i];
    }
    job.trials.resize(missing);
    scheduler = std::make_unique<Scheduler>(std::move(job.trials), SchedulerOptions{.ranks = ranks});
  });
}

}  // namespace memscale::bench
