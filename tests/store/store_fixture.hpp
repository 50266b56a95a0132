#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "memscale/experiment/model_fields.hpp"
#include "memscale/experiment/trace_length.hpp"
#include "memscale/model/recall.hpp"
#include "memscale/store/result_store.hpp"
#include "memscale/store/store_view.hpp"
#include "memscale/store/stored_record.hpp"
#include "temporary_folder.hpp"

namespace memscale {

/// Traces of `steps` steps, as the trial's model and groups want them, and a recall curve of so many items, made from
/// `i`; some numbers are NaN.
inline void add_traces(Record& record, std::int64_t steps, std::int64_t items, std::int64_t i) {
  record.trial.items = items;
  record.trial.steps = std::max(record.trial.steps, steps);
  record.result.steps_done = steps;
  double number = static_cast<double>(i);
  for_each_field(record.trace, [&](const char* name, std::vector<double>& values) {
    values.clear();
    for (std::size_t k = trace_length(name, record.trial, steps); k > 0; --k)
      values.push_back(number += 1.0 / static_cast<double>(3 + values.size()));
    if (std::string_view(name) == "train_loss" && steps % 2 == 1) values.back() = Result::not_measured;
  });
  record.recall.clear();
  for (const RankBin& bin : recall_bins(items)) record.recall.push_back(i % (bin.high - bin.low + 2));
}

/// The finished record of trial `i`: a function of i alone. Most have one step, some have many, some none.
inline Record make_record(std::int64_t i) {
  Record record;
  record.trial.d = 8 + i % 5;
  record.trial.seed = i;
  record.trial.optimizer = static_cast<OptimizerKind>(i % 3);
  record.trial.orthogonalizer =
      record.trial.optimizer == OptimizerKind::muon ? Orthogonalizer::svd : Orthogonalizer::none;
  record.trial.ridge = 1e-8 * static_cast<double>(i);
  record.result.status = i % 7 == 0 ? TrialStatus::diverged : TrialStatus::ok;
  add_traces(record, i % 7 == 0 ? 0 : i % 10 == 1 ? 2 + i % 29 : 1, 20 + 700 * (i % 3), i);
  record.result.capacity = 1000 + i;
  record.result.prefix = i / 2;
  record.result.accuracy = 1.0 / (3.0 + static_cast<double>(i));
  record.result.update.entropy = 1.0 / (5.0 + static_cast<double>(i));
  record.result.polar_cosine = i % 2 == 0 ? 0.5 : Result::not_measured;
  record.cost.seconds = 0.1 * static_cast<double>(i);
  record.cost.peak_memory = i << 20;
  record.cost.rank = i % 4;
  record.cost.host = "node" + std::to_string(i % 3);
  record.cost.blas_kernel = "Haswell";
  return record;
}

/// The finished record of an orthogonal trial: a function of i alone, of up to 40 steps and 600 groups.
inline Record make_orthogonal_record(std::int64_t i) {
  Record record = make_record(i);
  Trial& trial = record.trial;
  trial.model = ModelKind::orthogonal;
  trial.d = trial.items = 600;
  trial.groups = std::array<std::int64_t, 5>{600, 1, 2, 12, 60}[static_cast<std::size_t>(i % 5)];
  trial.frequencies = trial.groups == 2 ? FrequencyKind::two_groups : FrequencyKind::zipf;
  trial.head_mass = trial.groups == 2 ? 0.8 : 0;
  trial.head_share = trial.groups == 2 ? 0.2 : 0;
  trial.label_noise = 0.125 * static_cast<double>(i % 3);
  trial.task_basis = i % 4 == 0 ? TaskBasisKind::haar : TaskBasisKind::identity;
  trial.representation = i % 4 == 0 ? Representation::dense : Representation::reduced;
  trial.optimizer = i % 3 == 0 ? OptimizerKind::tra_signgd : trial.optimizer;
  trial.eta_scale = EtaScale::log_d_over_steps;
  double number = static_cast<double>(1 + i);
  for_each_field(record.result, [&](const char* name, auto& value) {
    if constexpr (std::is_same_v<std::remove_reference_t<decltype(value)>, double>)
      if (is_orthogonal_only<Result>(name) && (i + static_cast<std::int64_t>(name[0])) % 3 != 0)
        value = 1 / (number += 1);
  });
  add_traces(record, i % 7 == 0 ? 0 : 1 + i * 11 % 40, trial.items, i);
  return record;
}

inline Record make_failure(std::int64_t i, const std::string& message) {
  Record record = make_record(i);
  record.result = Result();
  record.trace = Trace();
  record.recall.clear();
  record.result.status = TrialStatus::failed;
  record.message = message;
  return record;
}

inline std::vector<Record> make_records(std::int64_t count) {
  std::vector<Record> records;
  for (std::int64_t i = 0; i < count; ++i) records.push_back(make_record(i));
  return records;
}

/// Doubles that text or arithmetic might lose.
inline std::vector<double> extreme_doubles() {
  using limits = std::numeric_limits<double>;
  return {0.0,
          -0.0,
          limits::infinity(),
          -limits::infinity(),
          limits::quiet_NaN(),
          limits::denorm_min(),
          limits::min(),
          limits::max(),
          limits::lowest(),
          1 + limits::epsilon(),
          0.1};
}

inline JobEntry make_job() {
  return {"[grid]\nd = 8, 16\n", "--grid.seed 1:9", "gd.eta=1\nproblem.items=1000\n", "1.2.3", physics_version, ""};
}

inline Provenance make_provenance() {
  return {{make_job()}, "memscale run job.cfg -o a.h5"};
}

inline Writer make_writer() {
  return {make_job(), make_provenance().command_line, false};
}

/// Writes `records` in their order as a finished store.
inline void write_store(const std::filesystem::path& path, const std::vector<Record>& records,
                        const Writer& writer = make_writer()) {
  ResultStore store(path, writer);
  for (const Record& record : records) store.append(record);
  store.finish();
}

/// One a trial, ascending by id.
inline std::vector<Record> sorted_by_id(const std::vector<Record>& records) {
  std::map<std::uint64_t, Record> sorted;
  for (const Record& record : records) sorted.emplace(trial_id(record.trial), record);
  std::vector<Record> result;
  for (const auto& [id, record] : sorted) result.push_back(record);
  return result;
}

inline std::string file_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// Names in a folder, sorted.
inline std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

/// The message of the exception of type E that `act` throws; "nothing thrown" if it throws none.
template <class E, class Act>
std::string message_of(Act&& act) {
  try {
    act();
  } catch (const E& error) {
    return error.what();
  }
  return "nothing thrown";
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace memscale
