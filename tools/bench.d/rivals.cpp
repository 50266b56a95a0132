#include "rivals.hpp"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

namespace memscale::bench {

namespace {

struct Candidate {
  std::string_view key, name, module, script;
};

constexpr Candidate numpy{"numpy", "NumPy", "numpy", "numpy_kernels.py"};
constexpr Candidate pytorch{"pytorch", "PyTorch", "torch", "torch_kernels.py"};

bool has_module(const std::string& python, std::string_view module) {
  Companion probe(
      {python, "-c",
       "import importlib.util as u; print('[%d]' % (u.find_spec('" + std::string(module) + "') is not None))"});
  return probe.next(60).value_or(nlohmann::json{0}).at(0) == 1;
}

std::string libraries_of(const nlohmann::json& reply) {
  std::string kernels;
  for (const std::string core : reply.at("blas")) kernels += (kernels.empty() ? "" : ", ") + core;
  return reply.at("version").get<std::string>() + ", BLAS kernels: " + (kernels.empty() ? "not named" : kernels);
}

}  // namespace

Rivals::Rivals(const Options& options) {
  // One BLAS thread, as memscale has, until a request wants more. Threads that wait for work must not spin then, or
  // PyTorch's would take the cores that its BLAS needs.
  if (setenv("OPENBLAS_NUM_THREADS", "1", 1) != 0 || setenv("OMP_WAIT_POLICY", "passive", 0) != 0)
    throw std::runtime_error("the environment cannot be changed");
  for (const Candidate& candidate : {numpy, pytorch}) {
    const std::string label = std::string(candidate.name) + ": ";
    try {
      if (options.python.empty() || (candidate.key == pytorch.key && !options.torch)) {
        described_.push_back(label + "left out, as asked");
      } else if (!has_module(options.python, candidate.module)) {
        described_.push_back(label + "not installed for " + options.python + ", left out");
      } else {
        Companion process(
            {options.python, "-B", std::string(MEMSCALE_BENCH_SCRIPTS) + "/" + std::string(candidate.script)});
        const std::string text = libraries_of(process.ask({{"do", "describe"}}));
        described_.push_back(label + text);
        rivals_.push_back({std::string(candidate.key), std::string(candidate.name), std::move(process)});
      }
    } catch (const std::exception& error) {
      described_.push_back(label + "cannot run (" + error.what() + "), left out");
    }
  }
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
