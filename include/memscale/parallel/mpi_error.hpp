#pragma once

#include <stdexcept>
#include <string_view>

namespace memscale {

/// An MPI call failed: "MPI_Isend failed: MPI_ERR_RANK: invalid rank (code 6)".
class MpiError : public std::runtime_error {
 public:
  MpiError(std::string_view call, int code);
  int code() const { return code_; }

 private:
  int code_;
};

/// Throws MpiError unless `code` is MPI_SUCCESS.
void check_mpi(int code, std::string_view call);

}  // namespace memscale
