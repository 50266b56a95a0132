#include "memscale/parallel/communicator.hpp"

#include <string>
#include <thread>
#include <utility>

#include "catch.hpp"
#include "memscale/core/launcher.hpp"
#include "memscale/parallel/environment.hpp"
#include "memscale/parallel/mpi_error.hpp"

using namespace memscale;

TEST_CASE("a launcher is seen") {
  CHECK(launched_by_mpi());
}

TEST_CASE("a communicator counts the ranks") {
  const Communicator world = Communicator::world();
  int rank = -1, size = -1;
  REQUIRE(MPI_Comm_rank(MPI_COMM_WORLD, &rank) == MPI_SUCCESS);
  REQUIRE(MPI_Comm_size(MPI_COMM_WORLD, &size) == MPI_SUCCESS);
  CHECK(world.rank() == rank);
  CHECK(world.size() == size);
}

TEST_CASE("a communicator moves with its messages") {
  Communicator first = Communicator::world();
  Communicator second = std::move(first);
  first = std::move(second);
  const std::byte byte{42};
  MPI_Request request = first.start_send(first.rank(), 5, std::span(&byte, 1));
  std::optional<Arrival> arrival;
  while (!(arrival = first.probe())) std::this_thread::yield();
  CHECK(arrival->source == first.rank());
  CHECK(arrival->tag == 5);
  CHECK(arrival->bytes == 1);
  std::byte received{};
  MPI_Request receive = first.start_receive(arrival->source, arrival->tag, std::span(&received, 1));
  while (!first.completed(receive)) std::this_thread::yield();
  CHECK(received == byte);
  while (!first.completed(request)) std::this_thread::yield();
}

TEST_CASE("an error keeps MPI's code and text") {
  const Communicator world = Communicator::world();
  try {
    world.start_send(world.size(), 1, {});
    FAIL("a rank past the last was accepted");
  } catch (const MpiError& error) {
    int error_class = MPI_SUCCESS;
    REQUIRE(MPI_Error_class(error.code(), &error_class) == MPI_SUCCESS);
    CHECK(error_class == MPI_ERR_RANK);
    const std::string what = error.what();
    CHECK(what.find("MPI_Isend failed: ") == 0);
    CHECK(what.find("rank") != std::string::npos);
    CHECK(what.find("(code " + std::to_string(error.code()) + ")") != std::string::npos);
  }
}
