#include "memscale/optim/newton.hpp"

#include <stdexcept>

#include "memscale/linalg/blas.hpp"

namespace memscale {

Matrix Newton::update(const Matrix& gradient, const StepContext& context) {
  if (!context.output_covariance || !context.input_covariance)
    throw std::runtime_error("newton: the model has no Hessian of its kind");
  Matrix input_covariance = context.input_covariance();
  input_covariance.diagonal().array() += ridge_;
  // C_u X = G, then Sigma_v Y = X^T: the update is Y^T, for Sigma_v is symmetric
  Matrix x = gradient;
  if (!blas::solve_positive_definite(context.output_covariance(), x))
    throw std::runtime_error("newton: singular Hessian: the outputs' covariance is not positive definite");
  Matrix y = x.transpose();
  if (!blas::solve_positive_definite(input_covariance, y))
    throw std::runtime_error("newton: singular Hessian: the inputs' second moment plus ridge is not positive definite");
  return y.transpose();
}

}  // namespace memscale
