#pragma once

#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/students_t.hpp>

namespace memscale {

/// In double alone: Boost would take long double for the last digits, at three times the cost.
using FastPolicy = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
using FastStudent = boost::math::students_t_distribution<double, FastPolicy>;
using FastFisher = boost::math::fisher_f_distribution<double, FastPolicy>;

}  // namespace memscale
