#include "memscale/parallel/remote_worker.hpp"

#include <optional>
#include <thread>

#include "catch.hpp"
#include "memscale/parallel/mpi_transport.hpp"
#include "processor_time.hpp"
#include "sample_trials.hpp"

using namespace memscale;
using namespace std::chrono_literals;

namespace {

std::optional<Record> fake_run(const Trial& trial, const TrialCall&) {
  return fake_record(trial);
}

}  // namespace

// Polling once a millisecond takes a few per cent of a core, spinning takes all of it that other ranks leave. The
// measure is processor time, which a busy machine does not stretch.
TEST_CASE("idle ranks sleep") {
  constexpr double idle_seconds = 0.5;
  const Communicator world = Communicator::world(), groups = Communicator::world();
  const double before = thread_seconds();
  if (world.rank() > 0) {
    serve_trials(world, groups, fake_run);
  } else {
    MpiTransport transport(world, groups, fake_run);
    transport.start_run({});
    CHECK_FALSE(transport.wait(500ms));
    transport.end_run(0);
  }
  CHECK(thread_seconds() - before < idle_seconds / 10);
}

TEST_CASE("a worker refuses what only workers send") {
  const Communicator world = Communicator::world(), groups = Communicator::world();
  Mailbox mailbox(world);
  if (world.rank() == 0) {
    for (int rank = 1; rank < world.size(); ++rank) mailbox.send(rank, ReportTrials{});
  } else {
    CHECK_THROWS_AS(serve_trials(world, groups, fake_run), std::logic_error);
  }
  mailbox.flush();
}
