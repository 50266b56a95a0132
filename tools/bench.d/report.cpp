#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "table.hpp"

namespace memscale::bench {

using nlohmann::json;

namespace {

using Form = Column::Form;
constexpr double gibibyte = 1 << 30;

std::string threads_text(int threads) {
  return std::to_string(threads) + (threads == 1 ? " thread" : " threads");
}

std::string capacity_table(const Options& options, const json& rows) {
  const std::string all = threads_text(options.threads);
  return table(
      "Capacity check, the exact recovered set; N^2 scores of 2 d flops would be the full scan, which NumPy and "
      "PyTorch\ntake on the rows named and which is extrapolated to N. Early: chunks of competitors, survivors "
      "gathered.\nx: times memscale's seconds on one thread. of peak: the full scan's flops in that time, against "
      "the FMA loop.",
      {{"", "d", "d", Form::whole},
       {"", "N", "items", Form::whole},
       {"", "capacity", "capacity", Form::whole},
       {"1 thread", "s", "seconds", Form::number},
       {"1 thread", "of peak", "of_peak", Form::times},
       {all, "s", "seconds_all", Form::number},
       {all, "speed-up", "speedup_all", Form::fraction},
       {"NumPy", "rows", "rows", Form::whole},
       {"NumPy", "full s", "numpy_full", Form::number},
       {"NumPy", "x", "numpy_full_times", Form::times},
       {"NumPy", "early s", "numpy_early", Form::number},
       {"NumPy", "x", "numpy_early_times", Form::times},
       {"PyTorch", "full x", "pytorch_full_times", Form::times},
       {"PyTorch", "early x", "pytorch_early_times", Form::times}},
      rows);
}

std::string softmax_table(const Options& options, const std::string& heading, const json& rows) {
  const std::string all = threads_text(options.threads);
  return table(heading,
               {{"", "d", "d", Form::whole},
                {"", "N", "items", Form::whole},
                {"", "rows", "rows", Form::whole},
                {"FMA loop", "GFLOP/s", "peak", Form::number},
                {"1 thread", "s", "seconds", Form::number},
                {"1 thread", "GFLOP/s", "rate", Form::number},
                {"1 thread", "of peak", "of_peak", Form::fraction},
                {all, "of peak", "of_peak_all", Form::fraction},
                {all, "speed-up", "speedup_all", Form::fraction},
                {"NumPy", "of peak", "numpy_of_peak", Form::fraction},
                {"NumPy", "x", "numpy_times", Form::times},
                {"PyTorch", "of peak", "pytorch_of_peak", Form::fraction},
                {"PyTorch", "x", "pytorch_times", Form::times},
                {"PyTorch", std::to_string(options.threads) + " thr. x", "pytorch_all_times", Form::times}},
               rows);
}

std::string products_table(const Options& options, const json& rows) {
  const std::string all = threads_text(options.threads);
  return table(
      "Products, 2 N d^2 flops: scores' X = V W^T in float32 (BLAS), and G(0) in float64, whose peak is half of "
      "the FMA loop's.",
      {{"", "d", "d", Form::whole},
       {"", "N", "items", Form::whole},
       {"float32 X", "GFLOP/s", "gemm_rate", Form::number},
       {"float32 X", "of peak", "gemm_of_peak", Form::fraction},
       {"float64 G(0)", "s", "seconds", Form::number},
       {"float64 G(0)", "GFLOP/s", "rate", Form::number},
       {"float64 G(0)", "of peak", "of_peak", Form::fraction},
       {all, "of peak", "of_peak_all", Form::fraction},
       {all, "speed-up", "speedup_all", Form::fraction}},
      rows);
}

std::string trial_table(const Options& options, json rows) {
  for (json& row : rows)
    for (const char* who : {"seconds", "numpy", "pytorch"})
      if (row.contains(who))
        for (const auto& [phase, seconds] : row[std::string(who) + "_phases"].items())
          row[std::string(who) + "_" + phase] = seconds;
  std::vector<Column> columns{{"", "d", "d", Form::whole}, {"", "N", "items", Form::whole}};
  const auto add_phases = [&](const std::string& group, const std::string& key, bool all) {
    columns.push_back({group, "s", key, Form::seconds});
    columns.push_back({group, "emb.", key + "_embeddings", Form::seconds});
    if (all) columns.push_back({group, "G(0)", key + "_gradient", Form::seconds});
    if (all) columns.push_back({group, "msgn", key + "_update", Form::seconds});
    columns.push_back({group, "cap.", key + "_capacity", Form::seconds});
  };
  add_phases("memscale, 1 thread", "seconds", true);
  columns.push_back({threads_text(options.threads), "s", "seconds_all", Form::seconds});
  add_phases("NumPy", "numpy", false);
  columns.push_back({"NumPy", "x", "numpy_times", Form::times});
  columns.push_back({"PyTorch", "s", "pytorch", Form::seconds});
  columns.push_back({"PyTorch", "x", "pytorch_times", Form::times});
  return table(
      "One whole trial, a population step of Muon (msgn by SVD in float64) from nothing to its capacity, seconds "
      "by phase.",
      columns, rows);
}

std::string memory_text(const json& memory) {
  const auto gib = [&](const char* key) { return digits(memory.at(key).get<double>() / gibibyte) + " GiB"; };
  std::string text =
      "Peak memory of a population step pair in a process of its own, N = " +
      std::to_string(memory.at("items").get<int>()) + ", d = " + std::to_string(memory.at("d").get<int>()) + ", " +
      threads_text(memory.at("threads").get<int>()) + ": " + gib("peak") + "\n(embeddings " + gib("embeddings") +
      ", with the first step and its capacity check " + gib("first_step_peak") + ").\n";
  if (memory.contains("softmax_seconds"))
    return text + "The second step's softmax over all items took " + digits(memory["softmax_seconds"]) + " s.\n";
  return text + "The second step's softmax over all items was stopped after " + digits(memory.at("stopped_after")) +
         " s, all of its buffers in use; --full lets it end.\n";
}

std::string agreement_text(const Measurements& measured) {
  double difference = 0, disputed = 0, wrong = 0;
  bool compared = false;
  for (const char* name : {"capacity", "softmax", "minibatch"}) {
    if (!measured.contains(name)) continue;
    for (const json& row : measured[name])
      for (const auto& [key, value] : row.items()) {
        compared = compared || key.ends_with("_difference") || key.ends_with("_disputed");
        if (key.ends_with("_difference")) difference = std::max(difference, value.get<double>());
        if (key.ends_with("_disputed")) disputed += value.get<double>();
        if (key.ends_with("_memscale_wrong")) wrong += value.get<double>();
      }
  }
  if (!compared) return "";
  char text[200];
  std::snprintf(text, sizeof text,
                "Agreement: gradients differ by at most %.1e of their norm; recovered items disputed by float32 "
                "scores: %.0f,\nof which float64 finds memscale wrong: %.0f\n",
                difference, disputed, wrong);
  return text;
}

/// Says so where other processes took the cores while memscale ran on one thread.
std::string disturbance_text(const Measurements& measured) {
  double least = 1;
  for (const char* name : {"capacity", "products", "softmax", "minibatch"})
    if (measured.contains(name))
      for (const json& row : measured[name]) least = std::min(least, row.at("busy").get<double>());
  if (least > 0.95) return "";
  return "This machine was not idle: in one case memscale ran for only " + digits(100 * least) +
         " % of the time on its thread.\nNumbers \"of peak\" and speed-ups are too low, and no target is judged "
         "fairly.\n";
}

/// The least of `key` over the rows of a case with these d and items; NaN where one of them was not measured.
double worst(const Measurements& measured, const char* name, std::vector<std::int64_t> wanted, std::int64_t items,
             const char* key) {
  double least = std::numeric_limits<double>::infinity();
  for (const std::int64_t d : wanted) {
    double found = std::nan("");
    if (measured.contains(name))
      for (const json& row : measured[name])
        if (row.at("d") == d && row.at("items") == items && row.contains(key)) found = row[key];
    if (std::isnan(found)) return found;
    least = std::min(least, found);
  }
  return least;
}

}  // namespace

std::vector<Target> targets(const Measurements& measured) {
  constexpr std::int64_t items = 100000;
  std::vector<Target> list;
  const auto capacity = [&](const char* key) { return worst(measured, "capacity", {512}, items, key); };
  const auto softmax = [&](std::vector<std::int64_t> d, const char* key) {
    return worst(measured, "softmax", std::move(d), items, key);
  };
  list.push_back(at_least("capacity, N = 1e5, d = 512, 1 thread: NumPy's full scan takes", 100,
                          capacity("numpy_full_times"), "x"));
  list.push_back(at_least("capacity, N = 1e5, d = 512, 1 thread: NumPy's early termination takes", 2,
                          capacity("numpy_early_times"), "x"));
  list.push_back(at_least("softmax gradient, N = 1e5, least of d = 128, 256, 512: of the FMA loop", 0.8,
                          softmax({128, 256, 512}, "of_peak"), ""));
  list.push_back(at_least("softmax gradient, N = 1e5, least of d = 128, 256, 512: NumPy takes", 1.8,
                          softmax({128, 256, 512}, "numpy_times"), "x"));
  list.push_back(at_least("capacity, N = 1e5, d = 512: all threads against one", 1.8, capacity("speedup_all"), "x"));
  list.push_back(
      at_least("softmax gradient, N = 1e5, d = 512: all threads against one", 1.8, softmax({512}, "speedup_all"), "x"));
  const bool full_size =
      measured.contains("memory") && measured["memory"].at("d") == 512 && measured["memory"].at("items") == 250000;
  list.push_back(under("peak memory of an N = 250000, d = 512 step", 2.5,
                       full_size ? measured["memory"].at("peak").get<double>() / gibibyte : not_measured, " GiB"));
  return list;
}

std::string report(const Options& options, const Measurements& measured) {
  std::string text;
  const auto add = [&](const std::string& part) {
    if (!part.empty()) text += "\n" + part;
  };
  if (measured.contains("capacity")) add(capacity_table(options, measured["capacity"]));
  if (measured.contains("softmax"))
    add(softmax_table(options,
                      "Softmax gradient, 4 rows N d flops (exp not counted), rows spread over the population. "
                      "x: times memscale's seconds.",
                      measured["softmax"]));
  if (measured.contains("minibatch"))
    add(softmax_table(options,
                      "Minibatch gradient, B = " + digits(options.batch) +
                          " draws: distinct rows only. NumPy and PyTorch take as many rows as above, extrapolated.",
                      measured["minibatch"]));
  if (measured.contains("products")) add(products_table(options, measured["products"]));
  if (measured.contains("trial")) add(trial_table(options, measured["trial"]));
  if (measured.contains("memory")) add(memory_text(measured["memory"]));
  add(agreement_text(measured));
  add(disturbance_text(measured));
  add(target_lines("Target", targets(measured)));
  return text;
}

}  // namespace memscale::bench
