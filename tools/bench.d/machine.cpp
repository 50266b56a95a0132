#include "machine.hpp"

#include <cmath>
#include <fstream>
#include <stdexcept>

namespace memscale::bench {

std::string cpu_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "CPU that does not say its name";
}

void write_json(const std::string& file, const nlohmann::json& everything) {
  std::ofstream out(file);
  out << everything.dump(2) << '\n';
  out.close();
  if (!out) throw std::runtime_error("cannot write " + file);
}

double peak_memory(const std::string& process) {
  std::ifstream status("/proc/" + process + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) * 1024;
  return std::nan("");
}

}  // namespace memscale::bench
