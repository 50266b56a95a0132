#include "options.hpp"

#include <cmath>
#include <cstdio>
#include <sstream>

#include "flags.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/core/thread_team.hpp"

namespace memscale::bench {

namespace {

namespace po = boost::program_options;

std::vector<std::string> words_of(const std::string& list) {
  std::vector<std::string> words;
  std::istringstream text(list);
  for (std::string word; std::getline(text, word, ',');) words.emplace_back(trimmed(word));
  return words;
}

}  // namespace

Options parse_options(int argc, char** argv, bool& help) {
  po::options_description flags("options", 110);
  const auto text = [] { return po::value<std::string>(); };
  auto add = flags.add_options();
  add("quick", "smaller sizes: within about 40 seconds");
  add("full", "the step whose memory is measured runs to its end, some ten minutes");
  add("d", text(), "dimensions (64,128,256,512,1024)");
  add("items", text(), "N (100000)");
  add("threads", text(), "threads to compare with one (all cores)");
  add("rounds", text(), "rounds of measurements; the best of all counts (3)");
  add("rows", text(), "rows of a softmax and of a full scan (as many as 1e11 flops take)");
  add("only", text(), "of capacity,softmax,minibatch,trial,memory (all)");
  add("memory-size", text(), "d,N of the step whose memory is measured (512,250000)");
  add("json", text(), "file to write all measurements to");
  add("python", text(), "Python with NumPy, and PyTorch perhaps (python3); none: without");
  add("no-torch", "without PyTorch");
  add("help,h", "this text");
  const Flags given(argc, argv, flags);
  help = given.has("help");
  if (help) {
    std::ostringstream described;
    described << flags;
    std::printf(
        "usage: memscale-bench [kernels] [options]\n       memscale-bench store | runner | schedule | fit | seeds | "
        "orthogonal [options] (each has its own --help)\n\n"
        "How near memscale's kernels come to the machine's limit, and how they "
        "compare with NumPy and PyTorch.\n\n%s",
        described.str().c_str());
  }

  Options options;
  options.threads = available_cores();
  options.python = "python3";
  if (given.has("quick")) {
    options.d = {64, 128, 256};
    options.items = 20000;
    options.rounds = 2;
    options.flops = 1e10;
    options.batch = 1e4;
    options.memory_d = 128;
    options.memory_items = 50000;
    options.memory_seconds = 3;
  }
  if (given.has("full")) options.memory_seconds = HUGE_VAL;
  if (given.has("no-torch")) options.torch = false;
  given.read("items", options.items, 100, 10000000);
  given.read("threads", options.threads, 1, 4096);
  given.read("rounds", options.rounds, 1, 1000);
  given.read("rows", options.rows, 1, 10000000);
  if (given.has("d")) {
    options.d.clear();
    for (const std::string& d : words_of(given.text("d"))) options.d.push_back(Flags::whole_number("d", d, 1, 8192));
  }
  if (given.has("memory-size")) {
    const auto sizes = words_of(given.text("memory-size"));
    if (sizes.size() != 2) throw invalid("memory-size", given.text("memory-size"), "must be d,N");
    options.memory_d = Flags::whole_number("memory-size", sizes[0], 1, 8192);
    options.memory_items = Flags::whole_number("memory-size", sizes[1], 100, 10000000);
  }
  if (given.has("only")) {
    const auto all = options.only;
    options.only.clear();
    for (const std::string& name : words_of(given.text("only"))) {
      if (!all.contains(name)) throw invalid("only", name, "must be of capacity, softmax, minibatch, trial, memory");
      options.only.insert(name);
    }
  }
  if (given.has("json")) options.json = given.text("json");
  if (given.has("python")) options.python = given.text("python") == "none" ? "" : given.text("python");
  return options;
}

}  // namespace memscale::bench
