#include "memscale/commands/status.hpp"

#include <chrono>
#include <cstdio>

#include "memscale/commands/say.hpp"
#include "memscale/commands/store_report.hpp"
#include "memscale/commands/verb_options.hpp"
#include "memscale/core/exit_status.hpp"

namespace memscale {

int status(const std::vector<std::string>& arguments) {
  VerbOptions options(status_verb, boost::program_options::options_description("options"), {"store"});
  options.parse(arguments);
  if (options.helped("Says how many trials of its jobs STORE holds and how they ended, whether a run is at work on it, "
                     "and how\nfresh snapshot and journal are. Only reads: a run at work does not notice.\n"))
    return exit_done;
  const std::string store = options.required("store", "STORE");
  const StoreReport report = report_on(store);
  for (const std::string& note : report.notes) say(note);
  const double now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  std::fputs(report_text(report, store, now).c_str(), stdout);
  return exit_done;
}

}  // namespace memscale
