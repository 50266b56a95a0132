#pragma once

#include <cstdint>

namespace memscale {

/// Predicted exponents e_t of the capacity d^(e_t) after t population steps on an isotropic memory, up to logarithms
/// (arXiv 2603.26554). alpha > 1/2 and steps >= 0, or std::invalid_argument.

/// Muon, eta ~ sqrt(d): e_(t+1) = e_t + (2 - e_t) / (2 alpha) from e_0 = 1, so e_t = 2 - (1 - 1/(2 alpha))^t.
double muon_exponent(double alpha, std::int64_t steps);

/// Gradient descent with a learning rate that grows as the frequency at the frontier falls: e_(t+1) = e_t + min{1, 2 -
/// e_t} / (2 alpha) from e_0 = 0. Once d^e items are recovered, the noise on a score is d^(-alpha e) times the larger
/// of d^(-1/2) (the first unrecovered item alone) and d^(e/2 - 1) (all of them together), and the next item must rise
/// above it. The two meet at e = 1, with equal increments there; so e_t = t/(2 alpha) up to and including the first t
/// that brings it to 1 or beyond, and muon's recursion, e_t (1 - 1/(2 alpha)) + 1/alpha, from there on.
double gd_exponent(double alpha, std::int64_t steps);

}  // namespace memscale
