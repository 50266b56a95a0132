#include "options.hpp"

#include <boost/program_options.hpp>
#include <cmath>
#include <cstdio>
#include <sstream>

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

std::int64_t whole_number(const std::string& key, const std::string& text, std::int64_t low, std::int64_t high) {
  const std::int64_t value = parse_integer(key, text);
  if (value < low || value > high)
    throw invalid(key, text, "must be between " + to_text(low) + " and " + to_text(high));
  return value;
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
  po::variables_map given;
  try {
    po::store(po::command_line_parser(argc, argv).options(flags).positional({}).run(), given);
  } catch (const po::error& error) {
    throw InputError(error.what());
  }
  help = given.count("help") > 0;
  if (help) {
    std::ostringstream described;
    described << flags;
    std::printf(
        "usage: memscale-bench [options]\n\nHow near memscale's kernels come to the machine's limit, and how they "
        "compare with NumPy and PyTorch.\n\n%s",
        described.str().c_str());
  }

  Options options;
  options.threads = available_cores();
  options.python = "python3";
  if (given.count("quick")) {
    options.d = {64, 128, 256};
    options.items = 20000;
    options.rounds = 2;
    options.flops = 1e10;
    options.batch = 1e4;
    options.memory_d = 128;
    options.memory_items = 50000;
    options.memory_seconds = 3;
  }
  if (given.count("full")) options.memory_seconds = HUGE_VAL;
  if (given.count("no-torch")) options.torch = false;
  const auto value_of = [&](const char* key) { return given[key].as<std::string>(); };
  const auto read = [&](const char* key, auto& number, std::int64_t low, std::int64_t high) {
    if (!given.count(key)) return;
    number = static_cast<std::remove_reference_t<decltype(number)>>(whole_number(key, value_of(key), low, high));
  };
  read("items", options.items, 100, 10000000);
  read("threads", options.threads, 1, 4096);
  read("rounds", options.rounds, 1, 1000);
  read("rows", options.rows, 1, 10000000);
  if (given.count("d")) {
    options.d.clear();
    for (const std::string& d : words_of(value_of("d"))) options.d.push_back(whole_number("d", d, 1, 8192));
  }
  if (given.count("memory-size")) {
    const auto sizes = words_of(value_of("memory-size"));
    if (sizes.size() != 2) throw invalid("memory-size", value_of("memory-size"), "must be d,N");
    options.memory_d = whole_number("memory-size", sizes[0], 1, 8192);
    options.memory_items = whole_number("memory-size", sizes[1], 100, 10000000);
  }
  if (given.count("only")) {
    const auto all = options.only;
    options.only.clear();
    for (const std::string& name : words_of(value_of("only"))) {
      if (!all.contains(name)) throw invalid("only", name, "must be of capacity, softmax, minibatch, trial, memory");
      options.only.insert(name);
    }
  }
  if (given.count("json")) options.json = value_of("json");
  if (given.count("python")) options.python = value_of("python") == "none" ? "" : value_of("python");
  return options;
}

}  // namespace memscale::bench
