#include "memscale/parallel/communicator.hpp"

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "memscale/parallel/mpi_error.hpp"

namespace memscale {

namespace {

std::mutex mpi_mutex;  // of the process

}  // namespace

Communicator Communicator::world() {
  const std::lock_guard lock(mpi_mutex);
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
  const std::lock_guard lock(mpi_mutex);
  const int code = MPI_Comm_free(&comm_);
  if (code != MPI_SUCCESS) std::fprintf(stderr, "memscale: MPI_Comm_free failed (code %d)\n", code);
}

int Communicator::ranks_on_this_node() const {
  const std::lock_guard lock(mpi_mutex);
  MPI_Comm node = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split_type(comm_, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &node), "MPI_Comm_split_type");
  int ranks = 0;
  check_mpi(MPI_Comm_size(node, &ranks), "MPI_Comm_size");
  check_mpi(MPI_Comm_free(&node), "MPI_Comm_free");
  return ranks;
}

MPI_Request Communicator::start_send(int destination, int tag, std::span<const std::byte> bytes) const {
  const std::lock_guard lock(mpi_mutex);
  MPI_Request request = MPI_REQUEST_NULL;
  const auto count = static_cast<int>(bytes.size());
  check_mpi(MPI_Isend(bytes.data(), count, MPI_BYTE, destination, tag, comm_, &request), "MPI_Isend");
  return request;
}

std::optional<Arrival> Communicator::probe(int source, int tag) const {
  const std::lock_guard lock(mpi_mutex);
  int arrived = 0;
  MPI_Status status;
  check_mpi(MPI_Iprobe(source, tag, comm_, &arrived, &status), "MPI_Iprobe");
  if (!arrived) return std::nullopt;
  int bytes = 0;
  check_mpi(MPI_Get_count(&status, MPI_BYTE, &bytes), "MPI_Get_count");
  return Arrival{status.MPI_SOURCE, status.MPI_TAG, bytes};
}

MPI_Request Communicator::start_receive(int source, int tag, std::span<std::byte> bytes) const {
  const std::lock_guard lock(mpi_mutex);
  MPI_Request request = MPI_REQUEST_NULL;
  const auto count = static_cast<int>(bytes.size());
  check_mpi(MPI_Irecv(bytes.data(), count, MPI_BYTE, source, tag, comm_, &request), "MPI_Irecv");
  return request;
}

bool Communicator::completed(MPI_Request& request) const {
  const std::lock_guard lock(mpi_mutex);
  int done = 0;
  check_mpi(MPI_Test(&request, &done, MPI_STATUS_IGNORE), "MPI_Test");
  return done != 0;
}

void Communicator::abort(int exit_status) const {
  MPI_Abort(comm_, exit_status);  // a code is of no use: what follows ends this rank too
  std::_Exit(exit_status);
}

}  // namespace memscale
