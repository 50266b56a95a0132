#include "memscale/optim/muon.hpp"

#include <stdexcept>

#include "memscale/linalg/matrix_bytes.hpp"
#include "memscale/linalg/newton_schulz.hpp"
#include "memscale/linalg/polar.hpp"

namespace memscale {

Muon::Muon(const OptimizerOptions& options)
    : orthogonalizer_(options.orthogonalizer), lambda_(options.lambda), mu_(options.momentum) {
  if (orthogonalizer_ == Orthogonalizer::none) throw std::invalid_argument("muon without an orthogonalizer");
  if (orthogonalizer_ == Orthogonalizer::newton_schulz)
    newton_schulz_ = newton_schulz_coefficients(options.ns_coefficients, options.ns_steps, options.ns_lower);
}

Matrix Muon::update(const Matrix& gradient, const StepContext& context) {
  const bool is_gradient = mu_ == 0 || momentum_.size() == 0;  // M = G
  if (mu_ != 0) {
    if (is_gradient)
      momentum_ = gradient;
    else
      momentum_ = mu_ * momentum_ + gradient;
  }
  const bool has_svd = is_gradient && context.gradient_svd;
  const Matrix& m = direction(gradient);
  switch (orthogonalizer_) {
    case Orthogonalizer::svd:
      return has_svd ? polar_factor(context.gradient_svd()) : context.space.polar_factor(m);
    case Orthogonalizer::regularized:
      return has_svd ? regularized_polar_factor(context.gradient_svd(), lambda_)
                     : context.space.regularized_polar_factor(m, lambda_);
    case Orthogonalizer::newton_schulz:
      return context.space.newton_schulz(m, newton_schulz_);
    case Orthogonalizer::none:
      break;
  }
  throw std::logic_error("muon without an orthogonalizer");
}

const Matrix& Muon::direction(const Matrix& gradient) const {
  return mu_ == 0 ? gradient : momentum_;
}

void Muon::save(ByteWriter& out) const {
  if (mu_ != 0) put_matrix(out, momentum_);
}

void Muon::load(ByteReader& in, Eigen::Index rows, Eigen::Index columns) {
  if (mu_ != 0) momentum_ = get_matrix(in, rows, columns);
}

}  // namespace memscale
