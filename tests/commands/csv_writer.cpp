#include "memscale/commands/csv_writer.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <system_error>

#include "catch.hpp"
#include "memscale/commands/csv_tables.hpp"
#include "store/store_fixture.hpp"

using namespace memscale;

namespace {

/// What `write` writes.
template <class Write>
std::string csv(Write&& write) {
  const TemporaryFolder folder;
  const auto path = folder / "a.csv";
  const FileDescriptor file = open_file(path, O_WRONLY | O_CREAT | O_EXCL);
  CsvWriter out(file, path);
  write(out);
  out.flush();
  return file_bytes(path);
}

std::string table(const StoreView& store, CsvTable name) {
  return csv([&](CsvWriter& out) { write_table(store, name, out); });
}

StoreView view_of(std::vector<Record> records) {
  StoreView view;
  view.provenance = make_provenance();
  view.source = source_of(std::move(records));
  return view;
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("cells are quoted where they must be") {
  CHECK(csv([](CsvWriter& out) {
          for (const char* text : {"plain", "a,b", "say \"no\"", "two\nlines", "a\rb", "", " blank "})
            out.cell(std::string_view(text));
          out.end_row();
          out.cell(TrialStatus::diverged);
          out.cell(std::int64_t{-3});
          out.cell(std::numeric_limits<double>::infinity());
          out.cell(Result::not_measured);
          out.cell(0.1);
          out.end_row();
        }) == "plain,\"a,b\",\"say \"\"no\"\"\",\"two\nlines\",\"a\rb\",, blank \ndiverged,-3,inf,nan,0.1\n");
}

TEST_CASE("numbers read back as they were") {
  for (const double value : extreme_doubles()) {
    const std::string text = csv([&](CsvWriter& out) {
      out.cell(value);
      out.end_row();
    });
    const double back = parse_double("value", text);
    CHECK((back == value || (value != value && back != back)));
    CHECK(std::signbit(back) == (value == value && std::signbit(value)));
  }
}

TEST_CASE("a disk that takes no more is told") {
  const FileDescriptor full = open_file("/dev/full", O_WRONLY);
  CsvWriter out(full, "full.csv");
  out.cell(1.5);
  out.end_row();
  CHECK(message_of<std::system_error>([&] { out.flush(); }) == "write full.csv: No space left on device");
}

TEST_CASE("tables have a row for each trial, step, bin, failure and job") {
  std::vector<Record> records = make_records(20);
  records.push_back(make_failure(20, "a, \"b\"\nc"));
  std::size_t steps = 0, bins = 0;
  for (const Record& record : records) steps += record.trace.capacity.size(), bins += record.recall.size();
  const StoreView view = view_of(records);

  const std::string trials = table(view, CsvTable::trials);
  CHECK(trials.starts_with("trial_id,model,d,items,kappa,"));
  CHECK(contains(trials, ",physics,status,steps_done,"));
  CHECK(lines(trials) == 22);
  const std::string traces = table(view, CsvTable::traces);
  CHECK(
      traces.starts_with("trial_id,step,capacity,prefix,accuracy,train_loss,gradient_norm,"
                         "gap,min_probability,max_probability\n"));
  CHECK(lines(traces) == steps + 1);
  CHECK(lines(table(view, CsvTable::recall)) == bins + 1);
  CHECK(lines(table(view, CsvTable::cost)) == 22);
  CHECK(table(view, CsvTable::failures) ==
        "trial_id,message\n" + to_hex(trial_id(records.back().trial)) + ",\"a, \"\"b\"\"\nc\"\n");
  CHECK(table(view, CsvTable::jobs) ==
        "text,flags,parameters,version,physics,forced\n\"[grid]\nd = 8, 16\n\",--grid.seed "
        "1:9,\"gd.eta=1\nproblem.items=1000\n\",1.2.3," +
            to_text(physics_version) + ",\n");
  CHECK(table(view_of({}), CsvTable::failures) == "trial_id,message\n");
}

TEST_CASE("traces that a model does not have are empty cells; group losses have a row a bin and step") {
  Record orthogonal = make_orthogonal_record(1);
  orthogonal.trial.groups = 10;
  add_traces(orthogonal, 11, 600, 1);
  Record gaussian = make_record(2);
  add_traces(gaussian, 1, 20, 2);
  const StoreView view = view_of({orthogonal, gaussian});
  const std::string traces = table(view, CsvTable::traces);
  CHECK(lines(traces) == 1 + 11 + 1);
  CHECK(contains(traces, "\n" + to_hex(trial_id(gaussian.trial)) + ",1,"));
  CHECK(contains(traces, ",,,\n"));
  CHECK(contains(traces, "," + to_text(orthogonal.trace.gap[3]) + "," + to_text(orthogonal.trace.min_probability[3]) +
                             "," + to_text(orthogonal.trace.max_probability[3]) + "\n"));
  const std::string groups = table(view, CsvTable::groups), id = to_hex(trial_id(orthogonal.trial));
  const auto& losses = orthogonal.trace.group_loss;
  CHECK(groups.starts_with("trial_id,step,group_lo,group_hi,loss\n" + id + ",1,1,1," + to_text(losses[0]) + "\n" + id +
                           ",1,2,2," + to_text(losses[1]) + "\n"));
  CHECK(groups.ends_with("\n" + id + ",11,10,10," + to_text(losses.back()) + "\n"));
  CHECK(lines(groups) == 1 + 11 * 10);
  CHECK(table(view_of({gaussian}), CsvTable::groups) == "trial_id,step,group_lo,group_hi,loss\n");
}
