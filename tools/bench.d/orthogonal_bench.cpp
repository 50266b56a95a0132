#include "orthogonal_bench.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "cases.hpp"
#include "machine.hpp"
#include "memscale/linalg/blas_kernel.hpp"
#include "orthogonal_cases.hpp"
#include "orthogonal_report.hpp"

namespace memscale::bench {

namespace {

using nlohmann::json;

void progress(const std::string& what) {
  std::fprintf(stderr, "memscale-bench: %s\n", what.c_str());
}

json row_of(const OrthogonalCase& one) {
  json row{{"name", one.name}, {"items", one.trial.items}};
  if (one.trial.representation == Representation::reduced) row["groups"] = std::max<std::int64_t>(one.trial.groups, 2);
  return row;
}

/// row[key_difference], relative, and row[key_times] of the best seconds where the losses agree.
void compare(json& row, const std::string& key, const Training& own, const Training& other) {
  put(row, key, other.seconds);
  row[key + "_difference"] = std::abs(other.loss - own.loss) / std::abs(own.loss);
  if (same_loss(own.loss, other.loss)) row[key + "_times"] = other.seconds.best() / own.seconds.best();
}

json measure_reduced(const OrthogonalCase& one, const OrthogonalOptions& options, bool with_dense) {
  progress(one.name + ", K = " + std::to_string(one.trial.items) + (with_dense ? ", reduced and dense" : ", reduced"));
  Training reduced, dense;
  for (int round = 0; round < options.rounds; ++round) {
    Workspace workspace;
    train(one.trial, workspace, options.budget, reduced);
    if (with_dense) train(as_dense(one.trial), workspace, options.budget, dense);
  }
  json row = row_of(one);
  row["loss"] = reduced.loss;
  put(row, "seconds", reduced.seconds);
  if (with_dense) compare(row, "dense", reduced, dense);
  return row;
}

json measure_dense(const OrthogonalCase& one, const OrthogonalOptions& options, int threads, Rivals& rivals) {
  progress(one.name + ", K = " + std::to_string(one.trial.items) + ", threads: " + std::to_string(threads));
  Training own;
  std::map<std::string, Training> others;
  for (int round = 0; round < options.rounds; ++round) {
    Workspace workspace(threads);
    train(one.trial, workspace, options.budget, own);
    rivals.each([&](Rival& rival) { train(one, rival, threads, options.budget, others[rival.key]); });
  }
  json row = row_of(one);
  row["threads"] = threads;
  row["loss"] = own.loss;
  put(row, "seconds", own.seconds);
  for (const auto& [key, other] : others)
    if (!other.seconds.empty()) compare(row, key, own, other);
  return row;
}

}  // namespace

void run_orthogonal(const OrthogonalOptions& options) {
  if (!options.from.empty()) {
    std::printf("%s", orthogonal_report(read_measured(options.from, "orthogonal", "reduced")).c_str());
    return;
  }
  if (!options.json.empty()) write_json(options.json, json::object());  // a place that cannot be written, said at once
  const double load = machine_load();
  Rivals rivals =
      library_rivals(options.python, {{"numpy", "NumPy", "numpy", "orthogonal_numpy.py"},
                                      {"pytorch", "PyTorch", "torch", "orthogonal_torch.py", options.torch}});
  std::printf("memscale %s on %s, %d cores\nmemscale's BLAS: %s\n", MEMSCALE_VERSION, cpu_name().c_str(),
              available_cores(), blas_description().c_str());
  for (const std::string& line : rivals.described()) std::printf("%s\n", line.c_str());
  std::fflush(stdout);

  json measured{{"steps", options.steps}, {"rounds", options.rounds}, {"load", load}, {"cores", available_cores()}};
  measured["reduced"] = measured["dense"] = json::array();
  for (const OrthogonalCase& one : reducible_cases(options))
    measured["reduced"].push_back(measure_reduced(one, options, true));
  measured["reduced"].push_back(measure_reduced(largest_case(options), options, false));
  for (const OrthogonalCase& one : dense_cases(options)) {
    measured["dense"].push_back(measure_dense(one, options, 1, rivals));
    if (options.threads > 1) measured["dense"].push_back(measure_dense(one, options, options.threads, rivals));
  }
  std::printf("%s", orthogonal_report(measured).c_str());
  if (!options.json.empty())
    write_json(options.json,
               {{"machine", {{"cpu", cpu_name()}, {"blas", blas_description()}, {"rivals", rivals.described()}}},
                {"measured", measured}});
}

}  // namespace memscale::bench
