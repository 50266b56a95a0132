#include "memscale/parallel/remote_worker.hpp"

#include <ctime>
#include <thread>

#include "catch.hpp"
#include "memscale/parallel/mpi_transport.hpp"
#include "sample_trials.hpp"

using namespace memscale;
using namespace std::chrono_literals;

namespace {

/// Processor seconds that this thread has used.
double thread_seconds() {
  timespec time{};
  REQUIRE(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace

// Polling once a millisecond takes a few per cent of a core, spinning takes all of it that other ranks leave. The
// measure is processor time, which a busy machine does not stretch.
TEST_CASE("idle ranks sleep") {
  constexpr double idle_seconds = 0.5;
  const Communicator world = Communicator::world();
  const double before = thread_seconds();
  if (world.rank() > 0) {
    serve_trials(world, fake_record);
  } else {
    MpiTransport transport(world, fake_record);
    CHECK_FALSE(transport.wait(500ms));
    transport.end_run(0);
  }
  CHECK(thread_seconds() - before < idle_seconds / 10);
}

TEST_CASE("a worker refuses what only workers send") {
  const Communicator world = Communicator::world();
  Mailbox mailbox(world);
  if (world.rank() == 0) {
    for (int rank = 1; rank < world.size(); ++rank) mailbox.send(rank, TrialDone{});
  } else {
    CHECK_THROWS_AS(serve_trials(world, fake_record), std::logic_error);
  }
  mailbox.flush();
}
