#include "memscale/commands/status.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>

#include "memscale/commands/run_clock.hpp"
#include "memscale/commands/say.hpp"
#include "memscale/commands/status_text.hpp"
#include "memscale/commands/verb_options.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace po = boost::program_options;

namespace {

constexpr const char* usual_interval = "2";

/// Boost does not take the value of a flag whose value may be missing from the next word: "--watch 5" becomes
/// "--watch=5".
std::vector<std::string> with_joined_watch(const std::vector<std::string>& arguments) {
  std::vector<std::string> joined;
  for (auto word = arguments.begin(); word != arguments.end(); ++word) {
    joined.push_back(*word);
    if (*word != "--watch") continue;
    const auto next = std::next(word);
    const bool has_value =
        next != arguments.end() && !next->empty() && next->find_first_not_of("0123456789.") == std::string::npos;
    joined.back() += '=' + (has_value ? *next : usual_interval);
    if (has_value) ++word;
  }
  return joined;
}

double interval_of(const VerbOptions& options) {
  constexpr const char* why = "must be a number of seconds between 0.1 and 86400";
  const double seconds = parse_double("watch", options.text("watch"), why);
  if (!(seconds >= 0.1 && seconds <= 86400)) throw invalid("watch", options.text("watch"), why);
  return seconds;
}

std::string text_of(const StoreReport& report, const std::string& store, const VerbOptions& options) {
  const double now = time_of_day();
  if (options.has("json")) return status_json(report, store, now);
  const std::string head = head_line(report, store, now);
  if (options.has("failed")) return head + failed_text(report, store);
  if (options.has("check")) return head;
  return head + run_lines(report, now) + report_text(report, store, now);
}

bool is_at_work(const StoreReport& report) {
  return report.use != StoreUse::idle && phase_of(report, time_of_day()) != RunPhase::none;
}

/// Shows the store again and again while a run is at work on it.
StoreReport watch(const std::string& store, const VerbOptions& options, FailedTrials failed, double interval) {
  // Only reads, so it may end anywhere.
  std::signal(SIGINT, [](int) { ::_exit(exit_done); });
  const bool redraws = ::isatty(STDOUT_FILENO) == 1 && !options.has("json");
  bool is_first = true;
  while (true) {
    StoreReport report = report_on(store, failed);
    const bool goes_on = is_at_work(report);
    if (redraws)
      std::fputs(is_first ? "\033[2J\033[H" : "\033[H\033[J", stdout);
    else if (!is_first && !options.has("json") && !options.has("check"))
      std::fputc('\n', stdout);
    std::fputs(text_of(report, store, options).c_str(), stdout);
    if (std::fflush(stdout) != 0 || !goes_on) return report;
    is_first = false;
    std::this_thread::sleep_for(std::chrono::duration<double>(interval));
  }
}

}  // namespace

int status(const std::vector<std::string>& arguments) {
  po::options_description flags("options");
  flags.add_options()("watch", po::value<std::string>()->value_name("[SECONDS]"),
                      "show it again every so many seconds (default 2) until the run at work ends; Ctrl-C ends it")(
      "json", "everything as one JSON object")("failed", "every failed trial: message, parameters, how to replay it")(
      "check", "one line; exit status 0 all trials are there, 1 some of them failed, 75 work is left");
  VerbOptions options(status_verb, flags, {"store"});
  options.parse(with_joined_watch(arguments));
  if (options.helped("Says how many trials of its jobs STORE holds and how they ended, what the run at work on it is "
                     "doing, and how\nfresh snapshot and journal are. Only reads: a run at work does not notice.\n"))
    return exit_done;
  const std::string store = options.required("store", "STORE");
  const FailedTrials failed = options.has("failed") ? FailedTrials::listed : FailedTrials::counted;
  StoreReport report;
  if (options.has("watch")) {
    report = watch(store, options, failed, interval_of(options));
  } else {
    report = report_on(store, failed);
    if (!options.has("json"))
      for (const std::string& note : report.notes) say(note);
    std::fputs(text_of(report, store, options).c_str(), stdout);
  }
  return options.has("check") ? check_status(report) : exit_done;
}

}  // namespace memscale
