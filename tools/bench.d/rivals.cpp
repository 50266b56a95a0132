#include "rivals.hpp"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace memscale::bench {

namespace {

/// "1.24.2, BLAS kernels: SkylakeX"
std::string described(const nlohmann::json& reply) {
  std::string text = reply.at("version");
  if (!reply.contains("blas")) return text;
  std::string kernels;
  for (const std::string core : reply.at("blas")) kernels += (kernels.empty() ? "" : ", ") + core;
  return text + ", BLAS kernels: " + (kernels.empty() ? "not named" : kernels);
}

}  // namespace

bool has_module(const std::string& python, const std::string& module) {
  Companion probe(
      {python, "-c", "import importlib.util as u; print('[%d]' % (u.find_spec('" + module + "') is not None))"});
  return probe.next(60).value_or(nlohmann::json{0}).at(0) == 1;
}

Rivals::Rivals(const std::string& python, const std::vector<RivalCandidate>& candidates) {
  for (const RivalCandidate& candidate : candidates) {
    const std::string label = candidate.name + ": ";
    try {
      if (python.empty() || !candidate.wanted) {
        described_.push_back(label + "left out, as asked");
      } else if (!has_module(python, candidate.module)) {
        described_.push_back(label + candidate.module + " is not installed for " + python + ", left out");
      } else {
        Companion process({python, "-B", std::string(MEMSCALE_BENCH_SCRIPTS) + "/" + candidate.script});
        const std::string text = bench::described(process.ask({{"do", "describe"}}));
        described_.push_back(label + text);
        rivals_.push_back({candidate.key, candidate.name, std::move(process)});
      }
    } catch (const std::exception& error) {
      described_.push_back(label + "cannot run (" + error.what() + "), left out");
    }
  }
}

Rivals library_rivals(const std::string& python, const std::vector<RivalCandidate>& candidates) {
  // Threads that wait for work must not spin, or PyTorch's would take the cores that its BLAS needs.
  if (setenv("OPENBLAS_NUM_THREADS", "1", 1) != 0 || setenv("OMP_WAIT_POLICY", "passive", 0) != 0)
    throw std::runtime_error("the environment cannot be changed");
  return Rivals(python, candidates);
}

Rivals kernel_rivals(const Options& options) {
  return library_rivals(options.python, {{"numpy", "NumPy", "numpy", "numpy_kernels.py"},
                                         {"pytorch", "PyTorch", "torch", "torch_kernels.py", options.torch}});
}

void Rivals::drop(std::size_t i, const char* why) {
  std::fprintf(stderr, "memscale-bench: %s left out from here on (%s)\n", rivals_[i].name.c_str(), why);
  std::vector<Rival> kept;
  for (std::size_t j = 0; j < rivals_.size(); ++j)
    if (j != i) kept.push_back(std::move(rivals_[j]));
  rivals_ = std::move(kept);
}

nlohmann::json measure(Rival& rival, const nlohmann::json& request, Samples& samples) {
  nlohmann::json reply = rival.process.ask(request);
  for (const double seconds : reply.at("seconds")) samples.add(seconds);
  return reply;
}

}  // namespace memscale::bench
