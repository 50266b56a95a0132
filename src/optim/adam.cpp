#include "memscale/optim/adam.hpp"

#include <cmath>

#include "memscale/linalg/matrix_bytes.hpp"

namespace memscale {

Matrix Adam::update(const Matrix& gradient, const StepContext&) {
  if (step_++ == 0) {
    m_.setZero(gradient.rows(), gradient.cols());
    v_.setZero(gradient.rows(), gradient.cols());
  }
  m_ = beta1_ * m_ + (1 - beta1_) * gradient;
  v_ = beta2_ * v_ + (1 - beta2_) * gradient.cwiseAbs2();
  const auto t = static_cast<double>(step_);
  const double correction1 = 1 - std::pow(beta1_, t), correction2 = 1 - std::pow(beta2_, t);
  return m_.binaryExpr(v_, [&](double m, double v) {
    const double scale = std::sqrt(v / correction2) + epsilon_;
    return scale > 0 ? m / correction1 / scale : 0;
  });
}

void Adam::save(ByteWriter& out) const {
  out.put(step_);
  put_matrix(out, m_);
  put_matrix(out, v_);
}

void Adam::load(ByteReader& in, Eigen::Index rows, Eigen::Index columns) {
  in.get(step_);
  m_ = get_matrix(in, rows, columns);
  v_ = get_matrix(in, rows, columns);
}

}  // namespace memscale
