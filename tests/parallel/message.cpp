#include "memscale/parallel/message.hpp"

#include <stdexcept>

#include "catch.hpp"
#include "memscale/experiment/record_bytes.hpp"
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
  for_each_field(record.trace, [](const char*, std::vector<double>& values) { values = {1, 2.5, -0.0}; });
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
  SECTION("a trial") {
    const Trial trial = full_record().trial;
    const auto back = decode_message(Tag::assign_trial, encode_message(AssignTrial{trial}));
    CHECK(std::get<AssignTrial>(back).trial == trial);
  }
  SECTION("a record") {
    const Record record = full_record();
    const Record back = std::get<TrialDone>(decode_message(Tag::trial_done, encode_message(TrialDone{record}))).record;
    CHECK(back.trial == record.trial);
    CHECK(back.recall == record.recall);
    CHECK(back.trace.capacity == record.trace.capacity);
    CHECK(back.cost.host == record.cost.host);
    CHECK(back.message == record.message);
    CHECK(encode_record(back) == encode_record(record));
  }
  SECTION("the end") {
    CHECK(std::get<EndRun>(decode_message(Tag::end_run, encode_message(EndRun{75}))).exit_status == 75);
  }
}

TEST_CASE("each message has a tag of its own") {
  CHECK(tag_of(AssignTrial{}) == Tag::assign_trial);
  CHECK(tag_of(TrialDone{}) == Tag::trial_done);
  CHECK(tag_of(EndRun{}) == Tag::end_run);
}

TEST_CASE("bytes that are no message are refused") {
  const auto whole = encode_message(TrialDone{full_record()});
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK_THROWS_AS(decode_message(Tag::trial_done, std::span(whole).first(size)), std::runtime_error);
  auto longer = whole;
  longer.push_back(std::byte{0});
  CHECK_THROWS_AS(decode_message(Tag::trial_done, longer), std::runtime_error);
  for (const Message& message : {Message{AssignTrial{}}, Message{EndRun{}}}) {
    longer = encode_message(message);
    longer.push_back(std::byte{0});
    CHECK_THROWS_AS(decode_message(tag_of(message), longer), std::runtime_error);
  }
  CHECK_THROWS_AS(decode_message(static_cast<Tag>(99), whole), std::runtime_error);
}

TEST_CASE("a record that cannot be one is refused as a message, too") {
  Record record = full_record();
  record.trace.accuracy.pop_back();
  CHECK_THROWS_AS(decode_message(Tag::trial_done, encode_message(TrialDone{record})), std::runtime_error);
}
