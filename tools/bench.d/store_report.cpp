#include "store_report.hpp"

#include "machine.hpp"
#include "memscale/experiment/grid.hpp"
#include "rows.hpp"
#include "table.hpp"

namespace memscale::bench {

namespace {

using nlohmann::json;

constexpr double mega = 1e6, gibibyte = 1 << 30;
constexpr double most_memory = 2;  // GiB

double number(const json& row, const char* key) {
  return row.at(key).get<double>();
}

std::string count(const json& row, const char* key) {
  return std::to_string(row.at(key).get<std::int64_t>());
}

void add_resume(Rows& rows, const std::string& from, const json& row) {
  rows.add(under("resume from " + from, 3, number(row, "seconds"), " s"));
  rows.add("  reading the job + opening the store + planning", digits(number(row, "read_seconds")) + " + " +
                                                                   digits(number(row, "open_seconds")) + " + " +
                                                                   digits(number(row, "plan_seconds")) + " s");
}

void add_rival(Rows& rows, const json& rivals, const char* key, const std::string& what, double journal) {
  if (!rivals.contains(key)) return;
  const json& row = rivals.at(key);
  rows.add(what + ", records a second (" + count(row, "records") + " of them)", number(row, "rate"));
  rows.add("  the journal's rate is", journal / number(row, "rate"), "x");
  rows.add("  bytes a record", number(row, "bytes_a_record"));
}

void add_snapshot(Rows& rows, const json& row) {
  const json &alone = row.at("alone"), &meanwhile = row.at("meanwhile");
  rows.add(under("snapshot of " + count(row, "records") + " records on a thread, appends go on", 15,
                 number(row, "seconds"), " s"));
  rows.add("  appends a second meanwhile; without a snapshot",
           digits(number(meanwhile, "rate")) + "; " + digits(number(alone, "rate")));
  const auto pause = [&](const char* key) {
    return digits(1e3 * number(meanwhile, key)) + "; " + digits(1e3 * number(alone, key)) + " ms";
  };
  rows.add("  99.9 % of them within; without a snapshot", pause("pause_999"));
  rows.add("  longest; without a snapshot", pause("pause_longest"));
}

void add_memory(Rows& rows, const json& trace) {
  const auto add = [&](const char* what, const char* phase) {
    rows.add(
        under(std::string("peak memory: ") + what, most_memory, number(trace.at(phase), "peak") / gibibyte, " GiB"));
  };
  add("writing the journal", "journal");
  add("resuming from the journal", "resume");
  add("resuming from the snapshot", "resume_snapshot");
  add("appending beside a snapshot being written", "snapshot");
  add("the end of a run", "finish");
}

void add_scalar(Rows& rows, const json& scalar) {
  const auto records = scalar.at("records").get<std::int64_t>();
  // From fewer, constant costs would be taken for a trial's.
  const bool extrapolates = records >= 1000000 && records < most_trials;
  const double factor = extrapolates ? static_cast<double>(most_trials) / static_cast<double>(records) : 1;
  rows.add(std::to_string(extrapolates ? most_trials : records) + " trials of one step" +
               (extrapolates ? ", extrapolated from " + std::to_string(records) : "") + ": journal",
           factor * number(scalar.at("journal"), "seconds"), " s");
  rows.add("  journal's records a second", number(scalar.at("journal"), "rate"));
  const auto seconds = [&](const char* what, const char* phase) {
    rows.add(std::string("  ") + what, factor * number(scalar.at(phase), "seconds"), " s");
  };
  seconds("resume from the journal", "resume");
  seconds("resume from the finished snapshot", "resume_snapshot");
  seconds("snapshot on a thread, appends go on", "snapshot");
  seconds("end of a run: snapshot, read back and compared", "finish");
  rows.add("  bytes a record: journal; snapshot", digits(number(scalar.at("journal"), "bytes_a_record")) + "; " +
                                                      digits(number(scalar.at("finish"), "bytes_a_record")));
  double peak = 0;
  for (const char* phase : {"journal", "resume", "snapshot", "finish", "resume_snapshot"})
    peak = std::max(peak, number(scalar.at(phase), "peak"));
  rows.add("  peak memory of any of these", factor * peak / gibibyte, " GiB");
}

}  // namespace

std::vector<Target> store_rows(const json& measured) {
  const json& trace = measured.at("trace");
  const json& journal = trace.at("journal");
  const double rate = number(journal, "rate");
  Rows rows(trace.at("records") == 1000000 && trace.at("steps") == 30);
  rows.add(at_least("journal, records a second, synced every 1000 or each second", 1e5, rate, ""));
  rows.add(
      "  MB a second; the disk alone, the same bytes synced as often",
      digits(number(journal, "bytes_a_second") / mega) + "; " + digits(number(journal, "disk_bytes_a_second") / mega));
  rows.add("  seconds; of them making the records; CPU time", digits(number(journal, "seconds")) + "; " +
                                                                  digits(number(journal, "making_seconds")) + "; " +
                                                                  digits(number(journal, "cpu_seconds")));
  rows.add("  bytes a record", number(journal, "bytes_a_record"));
  const json& rivals = measured.at("rivals");
  add_rival(rows, rivals, "h5py", "h5py, row by row", rate);
  add_rival(rows, rivals, "sqlite", "SQLite, WAL, batches of 1000", rate);
  add_resume(rows, "the journal of a killed run", trace.at("resume"));
  add_resume(rows, "the finished snapshot", trace.at("resume_snapshot"));
  add_snapshot(rows, trace.at("snapshot"));
  rows.add("end of a run: snapshot, read back and compared", number(trace.at("finish"), "seconds"), " s");
  rows.add("  bytes a record in the snapshot", number(trace.at("finish"), "bytes_a_record"));
  add_memory(rows, trace);
  if (measured.contains("scalar")) add_scalar(rows, measured.at("scalar"));
  return rows.take();
}

std::string store_report(const json& measured) {
  const json& trace = measured.at("trace");
  std::string text = "\nRecords of trials with " + count(trace, "steps") + " steps, " + count(trace, "records") +
                     " of them: parameters, results, five traces, a recall curve, costs. Each\nphase in a process of "
                     "its own; the page cache is warm, as after a run that was killed on a machine that goes on.\n\n" +
                     target_lines("Store", store_rows(measured));
  if (!measured.at("rivals").empty())
    text +=
        "\nSame columns, written from Python. h5py: one resizable dataset a column, H5Fflush every 1000 rows, which is "
        "no fsync:\na crash while the file is written in place can cost all of it. SQLite: one table, traces and "
        "recall as blobs,\nsynchronous=NORMAL: never damaged, but commits since the last checkpoint are not synced.\n";
  text += load_note(number(measured, "load"), measured.at("cores").get<int>());
  return text;
}

}  // namespace memscale::bench
