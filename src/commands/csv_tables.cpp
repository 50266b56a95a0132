#include "memscale/commands/csv_tables.hpp"

#include <algorithm>
#include <string>

#include "memscale/experiment/trace_length.hpp"

namespace memscale {

namespace {

constexpr RecordParts no_parts{.trace = false, .recall = false, .cost = false};

constexpr std::string_view no_value;  // an empty cell

template <class Fields>
void write_names(CsvWriter& out) {
  const Fields sample;
  for_each_field(sample, [&](const char* name, const auto&) { out.cell(std::string_view(name)); });
}

template <class Fields>
void write_values(const Fields& fields, CsvWriter& out) {
  for_each_field(fields, [&]<class T>(const char*, const T& value) {
    if constexpr (std::is_same_v<T, std::string>)
      out.cell(std::string_view(value));
    else
      out.cell(value);
  });
}

void write_header(CsvWriter& out, std::initializer_list<std::string_view> names) {
  for (std::string_view name : names) out.cell(name);
}

void write_trials(const RecordSource& source, CsvWriter& out) {
  write_header(out, {"trial_id"});
  write_names<Trial>(out);
  write_names<Result>(out);
  out.end_row();
  source.for_each(
      [&](const Record& record, const IndexEntry& entry) {
        out.cell(std::string_view(to_hex(entry.id)));
        write_values(record.trial, out);
        write_values(record.result, out);
        out.end_row();
      },
      no_parts);
}

void write_traces(const RecordSource& source, CsvWriter& out) {
  write_header(out, {"trial_id", "step"});
  const Trace sample;
  for_each_field(sample, [&](const char* name, const auto&) {
    if (is_by_step(name)) out.cell(std::string_view(name));
  });
  out.end_row();
  RecordParts parts = no_parts;
  parts.trace = true;
  source.for_each(
      [&](const Record& record, const IndexEntry& entry) {
        const std::string id = to_hex(entry.id);
        for (std::size_t step = 0; step < record.trace.capacity.size(); ++step) {
          out.cell(std::string_view(id));
          out.cell(static_cast<std::uint64_t>(step + 1));
          for_each_field(record.trace, [&](const char* name, const std::vector<double>& values) {
            if (!is_by_step(name)) return;
            if (values.empty())
              out.cell(no_value);
            else
              out.cell(values.at(step));
          });
          out.end_row();
        }
      },
      parts);
}

void write_recall(const RecordSource& source, CsvWriter& out) {
  write_header(out, {"trial_id", "rank_lo", "rank_hi", "recovered"});
  out.end_row();
  RecordParts parts = no_parts;
  parts.recall = true;
  source.for_each(
      [&](const Record& record, const IndexEntry& entry) {
        if (record.recall.empty()) return;
        const std::string id = to_hex(entry.id);
        const std::vector<RankBin> bins = recall_bins(record.trial.items);
        for (std::size_t bin = 0; bin < record.recall.size(); ++bin) {
          out.cell(std::string_view(id));
          out.cell(bins.at(bin).low);
          out.cell(bins.at(bin).high);
          out.cell(record.recall[bin]);
          out.end_row();
        }
      },
      parts);
}

void write_groups(const RecordSource& source, CsvWriter& out) {
  write_header(out, {"trial_id", "step", "group_lo", "group_hi", "loss"});
  out.end_row();
  RecordParts parts = no_parts;
  parts.trace = true;
  source.for_each(
      [&](const Record& record, const IndexEntry& entry) {
        if (record.trace.group_loss.empty()) return;
        const std::string id = to_hex(entry.id);
        const std::vector<RankBin> bins = group_bins(record.trial);
        auto loss = record.trace.group_loss.begin();
        for (const std::int64_t step : group_loss_steps(record.result.steps_done))
          for (const RankBin& bin : bins) {
            out.cell(std::string_view(id));
            out.cell(step);
            out.cell(bin.low);
            out.cell(bin.high);
            out.cell(*loss++);
            out.end_row();
          }
      },
      parts);
}

void write_cost(const RecordSource& source, CsvWriter& out) {
  write_header(out, {"trial_id"});
  write_names<Cost>(out);
  out.end_row();
  RecordParts parts = no_parts;
  parts.cost = true;
  source.for_each(
      [&](const Record& record, const IndexEntry& entry) {
        out.cell(std::string_view(to_hex(entry.id)));
        write_values(record.cost, out);
        out.end_row();
      },
      parts);
}

void write_failures(const RecordSource& source, CsvWriter& out) {
  write_header(out, {"trial_id", "message"});
  out.end_row();
  for (const IndexEntry& entry : source.entries) {
    if (entry.is_finished()) continue;
    out.cell(std::string_view(to_hex(entry.id)));
    out.cell(std::string_view(source.read(entry, no_parts).message));
    out.end_row();
  }
}

void write_jobs(const Provenance& provenance, CsvWriter& out) {
  write_names<JobEntry>(out);
  out.end_row();
  for (const JobEntry& job : provenance.jobs) {
    write_values(job, out);
    out.end_row();
  }
}

}  // namespace

void write_table(const StoreView& store, CsvTable table, CsvWriter& out) {
  switch (table) {
    case CsvTable::trials:
      write_trials(store.source, out);
      break;
    case CsvTable::traces:
      write_traces(store.source, out);
      break;
    case CsvTable::recall:
      write_recall(store.source, out);
      break;
    case CsvTable::groups:
      write_groups(store.source, out);
      break;
    case CsvTable::cost:
      write_cost(store.source, out);
      break;
    case CsvTable::failures:
      write_failures(store.source, out);
      break;
    case CsvTable::jobs:
      write_jobs(store.provenance, out);
      break;
  }
  out.flush();
}

}  // namespace memscale
