// Catch2's main, inside MPI: every rank runs every test case.
#define CATCH_CONFIG_RUNNER
#include "catch.hpp"
#include "memscale/parallel/environment.hpp"

int main(int argc, char** argv) {
  const memscale::MpiEnvironment mpi;
  return Catch::Session().run(argc, argv);
}
