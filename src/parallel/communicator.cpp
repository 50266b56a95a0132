#include "memscale/parallel/communicator.hpp"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "memscale/parallel/mpi_error.hpp"

namespace memscale {

Communicator Communicator::world() {
  MPI_Comm comm = MPI_COMM_NULL;
  check_mpi(MPI_Comm_dup(MPI_COMM_WORLD, &comm), "MPI_Comm_dup");
  return Communicator(comm);
}

Communicator::Communicator(MPI_Comm comm) : comm_(comm) {
  check_mpi(MPI_Comm_set_errhandler(comm_, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  check_mpi(MPI_Comm_rank(comm_, &rank_), "MPI_Comm_rank");
  check_mpi(MPI_Comm_size(comm_, &size_), "MPI_Comm_size");
}

Communicator::~Communicator() {
  release();
}

Communicator::Communicator(Communicator&& other) noexcept
    : comm_(std::exchange(other.comm_, MPI_COMM_NULL)), rank_(other.rank_), size_(other.size_) {}

Communicator& Communicator::operator=(Communicator&& other) noexcept {
  if (this != &other) {
    release();
    comm_ = std::exchange(other.comm_, MPI_COMM_NULL);
    rank_ = other.rank_;
    size_ = other.size_;
  }
  return *this;
}

void Communicator::release() noexcept {
  if (comm_ == MPI_COMM_NULL) return;
  const int code = MPI_Comm_free(&comm_);
  if (code != MPI_SUCCESS) std::fprintf(stderr, "memscale: MPI_Comm_free failed (code %d)\n", code);
}

MPI_Request Communicator::start_send(int destination, int tag, std::span<const std::byte> bytes) const {
  MPI_Request request = MPI_REQUEST_NULL;
  const auto count = static_cast<int>(bytes.size());
  check_mpi(MPI_Isend(bytes.data(), count, MPI_BYTE, destination, tag, comm_, &request), "MPI_Isend");
  return request;
}

std::optional<Arrival> Communicator::probe() const {
  int arrived = 0;
  MPI_Status status;
  check_mpi(MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, comm_, &arrived, &status), "MPI_Iprobe");
  if (!arrived) return std::nullopt;
  int bytes = 0;
  check_mpi(MPI_Get_count(&status, MPI_BYTE, &bytes), "MPI_Get_count");
  return Arrival{status.MPI_SOURCE, status.MPI_TAG, bytes};
}

std::vector<std::byte> Communicator::receive(const Arrival& arrival) const {
  std::vector<std::byte> bytes(static_cast<std::size_t>(arrival.bytes));
  check_mpi(MPI_Recv(bytes.data(), arrival.bytes, MPI_BYTE, arrival.source, arrival.tag, comm_, MPI_STATUS_IGNORE),
            "MPI_Recv");
  return bytes;
}

void Communicator::abort(int exit_status) const {
  MPI_Abort(comm_, exit_status);  // a code is of no use: what follows ends this rank too
  std::_Exit(exit_status);
}

}  // namespace memscale
