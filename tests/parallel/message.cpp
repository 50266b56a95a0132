#include "memscale/parallel/message.hpp"

#include <stdexcept>

#include "catch.hpp"
#include "memscale/experiment/record_bytes.hpp"
#include "memscale/experiment/trace_length.hpp"
#include "memscale/model/recall.hpp"
#include "sample_trials.hpp"

using namespace memscale;

namespace {

Record full_record() {
  Record record;
  record.trial = trial_grid({64}, {1.25}, {7}).back();
  record.result.status = TrialStatus::diverged;
  record.result.steps_done = 3;
  record.result.diverged_step = 4;
  record.result.accuracy = 0.625;
  for_each_field(record.trace, [&](const char* name, std::vector<double>& values) {
    if (trace_length(name, record.trial, 3) == 3) values = {1, 2.5, -0.0};
  });
  record.trace.train_loss[1] = Result::not_measured;
  for (const RankBin& bin : recall_bins(record.trial.items)) record.recall.push_back(bin.high - bin.low + 1);
  record.cost.seconds = 0.5;
  record.cost.rank = 3;
  record.cost.host = "node-17";
  record.cost.blas_kernel = "SkylakeX";
  record.message = "a message";
  return record;
}

}  // namespace

TEST_CASE("messages come back as they were") {
  const auto back = [](const Message& message) { return decode_message(tag_of(message), encode_message(message)); };
  SECTION("a greeting") {
    const auto hello = std::get<Hello>(back(Hello{"node-17", 4711}));
    CHECK(hello.host == "node-17");
    CHECK(hello.pid == 4711);
  }
  SECTION("the settings of a run") {
    const auto start = std::get<StartRun>(back(StartRun{{1.5, 30, "/data/fig2.h5"}}));
    CHECK(start.settings.timeout == 1.5);
    CHECK(start.settings.checkpoint_seconds == 30);
    CHECK(start.settings.store == "/data/fig2.h5");
  }
  SECTION("trials") {
    const std::vector<Trial> trials = trial_grid({64, 8}, {1.25}, {7, 8});
    const auto assigned = std::get<AssignTrials>(back(AssignTrials{{3, 1}, 17, trials}));
    CHECK(assigned.ranks == std::vector<int>{3, 1});
    CHECK(assigned.epoch == 17);
    CHECK(assigned.trials == trials);
  }
  SECTION("a report") {
    const Record record = full_record();
    const std::vector<Trial> returned = trial_grid({64, 8}, {1.25}, {7});
    const Report report = std::get<ReportTrials>(back(ReportTrials{{9, {record, record}, returned, true}})).report;
    CHECK(report.idle);
    CHECK(report.returned == returned);
    REQUIRE(report.records.size() == 2);
    for (const Record& one : report.records) CHECK(encode_record(one) == encode_record(record));
  }
  SECTION("an interruption, and the end") {
    CHECK(std::holds_alternative<Interrupt>(back(Interrupt{})));
    CHECK(std::get<EndRun>(back(EndRun{75})).exit_status == 75);
  }
}

TEST_CASE("each message has a tag of its own") {
  CHECK(tag_of(Hello{}) == Tag::hello);
  CHECK(tag_of(StartRun{}) == Tag::start_run);
  CHECK(tag_of(AssignTrials{}) == Tag::assign_trials);
  CHECK(tag_of(ReportTrials{}) == Tag::report_trials);
  CHECK(tag_of(Interrupt{}) == Tag::interrupt);
  CHECK(tag_of(EndRun{}) == Tag::end_run);
}

TEST_CASE("bytes that are no message are refused") {
  const std::vector<Message> messages{Hello{"node", 1},
                                      StartRun{{1, 2, "store"}},
                                      AssignTrials{{1, 2}, 3, trial_grid({64}, {1.25}, {7})},
                                      ReportTrials{{1, {full_record()}, trial_grid({64}, {1.25}, {7}), true}},
                                      Interrupt{},
                                      EndRun{}};
  for (const Message& message : messages) {
    const auto whole = encode_message(message);
    for (std::size_t size = 0; size < whole.size(); ++size)
      CHECK_THROWS_AS(decode_message(tag_of(message), std::span(whole).first(size)), std::runtime_error);
    auto longer = whole;
    longer.push_back(std::byte{0});
    CHECK_THROWS_AS(decode_message(tag_of(message), longer), std::runtime_error);
    for (int tag : {99, 0, -1}) CHECK_THROWS_AS(decode_message(static_cast<Tag>(tag), whole), std::runtime_error);
  }
}

TEST_CASE("a record that cannot be one is refused as a message, too") {
  Record record = full_record();
  record.trace.accuracy.pop_back();
  CHECK_THROWS_AS(decode_message(Tag::report_trials, encode_message(ReportTrials{{0, {record}, {}, true}})),
                  std::runtime_error);
}
