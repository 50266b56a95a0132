#pragma once

#include <cstdint>
#include <vector>

#include "memscale/core/thread_team.hpp"
#include "memscale/model/gaussian_memory.hpp"
#include "memscale/model/int8_kernel.hpp"
#include "memscale/model/int8_rows.hpp"

namespace memscale {

/// The outputs u_j as the capacity check meets them, likely winners first, and what it asks of the inputs: made once
/// for a memory and used by every check of it. 2 N d bytes where there are 8-bit kernels.
class Competitors {
 public:
  Competitors() = default;
  /// `int8` says which kernels the checks use; nullptr: float32 alone. The recovered set does not depend on it.
  Competitors(const GaussianMemory& memory, ThreadTeam& team, const Int8Kernels* int8 = best_int8_kernels());

  /// Items by position: a few most frequent, then the others by descending ||u_j||.
  const std::vector<std::int64_t>& order() const { return order_; }
  /// Their outputs, of the first positions, at least min(items, 1024).
  const MatrixF& head() const { return head_; }

  const std::vector<float>& output_norm() const { return output_norm_; }  ///< by item, at least ||u_i||
  float longest_output() const { return longest_output_; }

  /// D^-1, powers of two near 1 / rms of each input coordinate: they even out kappa > 0.
  const std::vector<float>& input_scale() const { return input_scale_; }
  const std::vector<float>& input_norm() const { return input_norm_; }  ///< by item, at least ||D^-1 v_i||

  const Int8Kernels* int8() const { return int8_; }
  const Int8Rows& outputs() const { return outputs_; }  ///< u by position; empty without int8()
  const Int8Rows& inputs() const { return inputs_; }    ///< D^-1 v by item; empty without int8()

 private:
  void set_input_scale(const MatrixF& v, ThreadTeam& team);
  void set_inputs(const MatrixF& v, ThreadTeam& team);
  void set_output_norms(const MatrixF& u, ThreadTeam& team);
  void set_order(const MatrixF& u);
  void set_int8_outputs(const MatrixF& u, ThreadTeam& team);

  std::vector<std::int64_t> order_;
  MatrixF head_;
  std::vector<float> output_norm_, input_scale_, input_norm_;
  float longest_output_ = 0;
  const Int8Kernels* int8_ = nullptr;
  Int8Rows outputs_, inputs_;
};

}  // namespace memscale
