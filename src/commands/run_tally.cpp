#include "memscale/commands/run_tally.hpp"

#include <cstdio>
#include <numeric>
#include <string_view>
#include <type_traits>

#include "memscale/core/text.hpp"

namespace memscale {

namespace {

std::string fixed(double value, int digits) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

}  // namespace

void RunTally::add_run(const Record& record) {
  ++count(record.result.status);
  ++run_;
  if (record.result.status == TrialStatus::failed && first_failure_.empty())
    first_failure_ = record.message + " (trial " + to_hex(trial_id(record.trial)) + ")";
  seconds_ += record.cost.seconds;
  add_phases(record.cost);
}

void RunTally::add_phases(const Cost& cost) {
  constexpr std::string_view prefix = "seconds_";
  std::size_t phase = 0;
  for_each_field(cost, [&]<class T>(const char* name, const T& value) {
    if constexpr (std::is_same_v<T, double>) {
      if (!std::string_view(name).starts_with(prefix)) return;
      if (phase == phases_.size()) phases_.emplace_back(name + prefix.size(), 0.0);
      phases_[phase++].second += value;
    }
  });
}

std::string RunTally::summary(double wall_seconds) const {
  const auto total = std::accumulate(counts_.begin(), counts_.end(), std::size_t{0});
  std::string line = std::to_string(total) + " trials: ";
  for (std::size_t code = 0; code < counts_.size(); ++code)
    line.append(code ? ", " : "")
        .append(std::to_string(counts_[code]) + ' ')
        .append(EnumNames<TrialStatus>::names[code]);
  line += "; " + std::to_string(run_) + " run in " + fixed(wall_seconds, 2) + " s";
  if (seconds_ == 0) return line;
  line += "; of " + fixed(seconds_, 2) + " s of work";
  for (const auto& [phase, seconds] : phases_)
    line.append(&phase == &phases_.front().first ? " " : ", ")
        .append(phase + ' ' + fixed(100 * seconds / seconds_, 1) + '%');
  return line;
}

}  // namespace memscale
