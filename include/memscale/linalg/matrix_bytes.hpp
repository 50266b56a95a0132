#pragma once

#include <span>

#include "memscale/core/bytes.hpp"
#include "memscale/linalg/matrix.hpp"

namespace memscale {

/// All bits of the matrix, row by row, without its size.
inline void put_matrix(ByteWriter& out, const Matrix& matrix) {
  out.put_all(std::span<const double>(matrix.data(), static_cast<std::size_t>(matrix.size())));
}

/// What put_matrix wrote of a matrix of that size. Throws std::out_of_range where bytes are missing.
inline Matrix get_matrix(ByteReader& in, Eigen::Index rows, Eigen::Index columns) {
  Matrix matrix(rows, columns);
  in.get_all(std::span(matrix.data(), static_cast<std::size_t>(matrix.size())));
  return matrix;
}

}  // namespace memscale
