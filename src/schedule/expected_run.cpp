#include "memscale/schedule/expected_run.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <queue>
#include <utility>

namespace memscale {

ExpectedRun expect_run(std::vector<Trial> trials, const SchedulerOptions& options, const CostModel& model) {
  using Return = std::pair<double, std::vector<int>>;  // when, who
  std::priority_queue<Return, std::vector<Return>, std::greater<>> at_work;
  Scheduler scheduler(std::move(trials), options, model);
  std::vector<int> idle(static_cast<std::size_t>(options.ranks));
  std::iota(idle.begin(), idle.end(), 0);
  ExpectedRun run;
  while (true) {
    while (const auto assignment = scheduler.next(idle, {.now = run.wall_seconds})) {
      const double seconds = shared_seconds(*assignment);
      run.rank_seconds += seconds * static_cast<double>(assignment->ranks.size());
      std::erase_if(idle,
                    [&](int rank) { return std::count(assignment->ranks.begin(), assignment->ranks.end(), rank); });
      at_work.emplace(run.wall_seconds + seconds, assignment->ranks);
    }
    if (at_work.empty()) return run;
    run.wall_seconds = at_work.top().first;
    idle.insert(idle.end(), at_work.top().second.begin(), at_work.top().second.end());
    at_work.pop();
  }
}

}  // namespace memscale
