#include "memscale/parallel/mailbox.hpp"

#include <string>
#include <thread>

#include "catch.hpp"
#include "sample_trials.hpp"

using namespace memscale;

namespace {

Letter receive_one(Mailbox& mailbox) {
  while (true) {
    if (auto letter = mailbox.receive()) return std::move(*letter);
    std::this_thread::yield();
  }
}

}  // namespace

TEST_CASE("letters go round the ring of ranks, short ones and long ones, in order") {
  const Communicator world = Communicator::world();
  Mailbox mailbox(world);
  const int next = (world.rank() + 1) % world.size();
  const int previous = (world.rank() + world.size() - 1) % world.size();
  // a long message is past MPI's eager limit: it completes only when the other side receives
  const std::vector<std::size_t> lengths{0, 100, 1 << 20, 3, 1 << 18};
  for (std::size_t length : lengths) {
    Record record = fake_record(trial_grid({8}, {1.5}, {1}).front());
    record.message = std::string(length, 'a');
    record.cost.rank = world.rank();
    mailbox.send(next, ReportTrials{{0, {record}, {}, true}});
  }
  for (std::size_t length : lengths) {
    const Letter letter = receive_one(mailbox);
    CHECK(letter.source == previous);
    const Record& record = std::get<ReportTrials>(letter.message).report.records.at(0);
    CHECK(record.message.size() == length);
    CHECK(record.cost.rank == previous);
  }
  mailbox.flush();
  CHECK_FALSE(mailbox.receive());
}
