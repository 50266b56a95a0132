#pragma once

#include <cstdint>
#include <vector>

#include "memscale/linalg/matrix.hpp"
#include "memscale/model/item_groups.hpp"

namespace memscale {

/// The scores of one input's outputs, those of equal score counted together.
struct ScoreRow {
  double correct = 0;     ///< of the correct output
  Eigen::ArrayXd others;  ///< of the wrong ones, but at `own`
  Eigen::ArrayXd counts;  ///< how many wrong outputs have each of them
  Eigen::Index own = -1;  ///< where counts is 0 and the correct score stands in place of a wrong one; -1: nowhere
};

/// Where the scores s_ij of an orthogonal memory's outputs j for inputs i stand in a matrix: S = W^T in the task basis,
/// W^ = E~^T W E, so that a row is an input. Inputs of equal rows are one row here.
class ScoreRows {
 public:
  virtual ~ScoreRows() = default;
  virtual Eigen::Index rows() const = 0;
  virtual Eigen::Index group(Eigen::Index row) const = 0;
  virtual double inputs(Eigen::Index row) const = 0;  ///< that have this row
  /// `out` is new, or what these rows gave before.
  virtual void read(const Matrix& scores, Eigen::Index row, ScoreRow& out) const = 0;
  /// Writes `row` of what has the layout of scores; counts are not looked at.
  virtual void write(const ScoreRow& row, Eigen::Index index, Matrix& out) const = 0;
};

/// All scores, (K, K).
class DenseScores : public ScoreRows {
 public:
  explicit DenseScores(const ItemGroups& groups);
  Eigen::Index rows() const override { return static_cast<Eigen::Index>(group_.size()); }
  Eigen::Index group(Eigen::Index row) const override { return group_[static_cast<std::size_t>(row)]; }
  double inputs(Eigen::Index) const override { return 1; }
  void read(const Matrix& scores, Eigen::Index row, ScoreRow& out) const override;
  void write(const ScoreRow& row, Eigen::Index index, Matrix& out) const override;

 private:
  std::vector<Eigen::Index> group_;  ///< of each item
};

/// Of groups whose items are alike: the coordinates (M, M + 1) of a BlockSpace.
class BlockScores : public ScoreRows {
 public:
  explicit BlockScores(const ItemGroups& groups);
  Eigen::Index rows() const override { return sizes_.size(); }
  Eigen::Index group(Eigen::Index row) const override { return row; }
  double inputs(Eigen::Index row) const override { return sizes_(row); }
  void read(const Matrix& scores, Eigen::Index row, ScoreRow& out) const override;
  void write(const ScoreRow& row, Eigen::Index index, Matrix& out) const override;

 private:
  Eigen::ArrayXd sizes_;
};

}  // namespace memscale
