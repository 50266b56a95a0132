#include "memscale/parallel/mpi_error.hpp"

#include <array>
#include <string>

#include "memscale/parallel/mpi.hpp"

namespace memscale {

namespace {

std::string error_text(std::string_view call, int code) {
  std::array<char, MPI_MAX_ERROR_STRING> text{};
  int length = 0;
  std::string why = "unknown error";
  if (MPI_Error_string(code, text.data(), &length) == MPI_SUCCESS) why.assign(text.data(), static_cast<size_t>(length));
  return std::string(call) + " failed: " + why + " (code " + std::to_string(code) + ")";
}

}  // namespace

MpiError::MpiError(std::string_view call, int code) : std::runtime_error(error_text(call, code)), code_(code) {}

void check_mpi(int code, std::string_view call) {
  if (code != MPI_SUCCESS) throw MpiError(call, code);
}

}  // namespace memscale
