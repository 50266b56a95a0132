#pragma once

#include "memscale/linalg/matrix.hpp"
#include "memscale/linalg/matrix_space.hpp"

namespace memscale {

/// How even the singular values s of a matrix are (arXiv 2509.26030), with q_i = s_i^2 / sum s^2. For a zero matrix all
/// are NaN but largest and smallest.
struct Spectrum {
  double largest = 0;         ///< s_1
  double smallest = 0;        ///< s_n
  double entropy = 0;         ///< -sum q log q / log n, 1 for an isotropic matrix (and for n = 1)
  double effective_rank = 0;  ///< exp(-sum q log q)
  double top_energy = 0;      ///< sum of q over the ceil(n / 10) largest
  double quartile_ratio = 0;  ///< Q75 / Q25 of s^2, with linear interpolation; inf where Q25 = 0
};

/// What singular values in descending order, at least one, must exceed not to be the rounding of a 0: max(8, sqrt(n))
/// eps s_1. LAPACK was seen to return up to 7.3 eps s_1 for exact zeros at n = 512, 9.5 at 1536.
double singular_value_cutoff(const Vector& singular_values);
double singular_value_cutoff(double largest, Eigen::Index n);

/// Of singular values in descending order, finite; those up to the cutoff count as 0, but for `smallest`.
Spectrum spectrum_of(const Vector& singular_values);

/// How near `update` (d, d) comes to the polar factor O = msgn(direction), both in coordinates of `space`.
struct PolarDistance {
  double distance = 0;  ///< ||update - O||_F / sqrt(d)
  double cosine = 0;    ///< <update, O> / (||update||_F ||O||_F); NaN where a norm is 0
};

PolarDistance polar_distance(const MatrixSpace& space, const Matrix& update, const Matrix& polar_factor);

}  // namespace memscale
