#include "memscale/schedule/trial_runner.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <string>
#include <system_error>

#include "memscale/experiment/run_trial.hpp"

namespace memscale {

namespace {

std::string host_name() {
  std::array<char, 256> name{};  // POSIX allows 255 characters
  if (gethostname(name.data(), name.size() - 1) != 0)
    throw std::system_error(errno, std::generic_category(), "gethostname");
  return name.data();
}

}  // namespace

TrialRunner make_trial_runner(int rank, int threads) {
  return [workspace = std::make_shared<Workspace>(threads), host = host_name(), rank](const Trial& trial) {
    Record record = run_trial(trial, *workspace);
    record.cost.rank = rank;
    record.cost.host = host;
    return record;
  };
}

}  // namespace memscale
