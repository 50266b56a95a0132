#include "memscale/schedule/trial_runner.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <string>
#include <system_error>

#include "memscale/core/error.hpp"
#include "memscale/experiment/run_trial.hpp"

namespace memscale {

namespace {

std::string host_name() {
  std::array<char, 256> name{};  // POSIX allows 255 characters
  if (gethostname(name.data(), name.size() - 1) != 0)
    throw std::system_error(errno, std::generic_category(), "gethostname");
  return name.data();
}

std::shared_ptr<Workspace> make_workspace(int threads) {
  try {
    return std::make_shared<Workspace>(threads);
  } catch (const std::system_error& error) {
    throw invalid("threads", std::to_string(threads),
                  std::string("must be no more than this system can start: ") + error.what());
  }
}

}  // namespace

TrialRunner make_trial_runner(int rank, int threads) {
  return [workspace = make_workspace(threads), host = host_name(), rank](const Trial& trial) {
    Record record = run_trial(trial, *workspace);
    record.cost.rank = rank;
    record.cost.host = host;
    return record;
  };
}

}  // namespace memscale
