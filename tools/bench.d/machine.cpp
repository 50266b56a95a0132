#include "machine.hpp"

#include <sys/resource.h>

#include <cmath>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <stdexcept>

#include "memscale/core/error.hpp"
#include "table.hpp"

namespace memscale::bench {

std::string cpu_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "CPU that does not say its name";
}

double machine_load() {
  double load = 0;
  getloadavg(&load, 1);
  return load;
}

std::string load_note(double load, int cores) {
  if (load <= 0.5) return "";
  return "\nThis machine was not idle: its load was " + digits(load) + " before, on " + std::to_string(cores) +
         " cores. Rates are too low, times too long, and no target is\njudged fairly.\n";
}

double cpu_seconds() {
  rusage used{};
  if (getrusage(RUSAGE_SELF, &used) != 0) throw std::runtime_error("no CPU time");
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double cpu_seconds_of_thread() {
  timespec used{};
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used) != 0) throw std::runtime_error("no CPU time");
  return static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
}

void write_json(const std::string& file, const nlohmann::json& everything) {
  std::ofstream out(file);
  out << everything.dump(2) << '\n';
  out.close();
  if (!out) throw std::runtime_error("cannot write " + file);
}

nlohmann::json read_measured(const std::string& file, const std::string& subject, const char* key) {
  std::ifstream in(file);
  const nlohmann::json everything = nlohmann::json::parse(in, nullptr, false);
  if (!everything.is_object() || !everything.contains("measured") || !everything["measured"].contains(key))
    throw invalid("from", file, "is no file that memscale-bench " + subject + " --json wrote");
  return everything["measured"];
}

double peak_memory(const std::string& process) {
  std::ifstream status("/proc/" + process + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) * 1024;
  return std::nan("");
}

}  // namespace memscale::bench
