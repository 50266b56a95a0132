#include "memscale/model/score_rows.hpp"

namespace memscale {

DenseScores::DenseScores(const ItemGroups& groups) {
  for (std::size_t g = 0; g < groups.sizes.size(); ++g)
    group_.insert(group_.end(), static_cast<std::size_t>(groups.sizes[g]), static_cast<Eigen::Index>(g));
}

void DenseScores::read(const Matrix& scores, Eigen::Index row, ScoreRow& out) const {
  out.others = scores.row(row).transpose().array();
  if (out.counts.size() != rows())
    out.counts = Eigen::ArrayXd::Ones(rows());
  else
    out.counts(out.own) = 1;  // what the row before left
  out.counts(row) = 0;
  out.own = row;
  out.correct = scores(row, row);
}

void DenseScores::write(const ScoreRow& row, Eigen::Index index, Matrix& out) const {
  out.row(index) = row.others.matrix().transpose();
  out(index, index) = row.correct;
}

BlockScores::BlockScores(const ItemGroups& groups) : sizes_(static_cast<Eigen::Index>(groups.sizes.size())) {
  for (std::size_t g = 0; g < groups.sizes.size(); ++g)
    sizes_(static_cast<Eigen::Index>(g)) = static_cast<double>(groups.sizes[g]);
}

void BlockScores::read(const Matrix& scores, Eigen::Index row, ScoreRow& out) const {
  out.others = scores.row(row).head(rows()).transpose().array();
  out.counts = sizes_;
  out.counts(row) -= 1;
  out.correct = scores(row, rows());
  out.own = -1;
  if (sizes_(row) > 1) return;
  out.own = row;
  out.others(row) = out.correct;
}

void BlockScores::write(const ScoreRow& row, Eigen::Index index, Matrix& out) const {
  out.row(index).head(rows()) = row.others.matrix().transpose();
  if (sizes_(index) == 1) out(index, index) = 0;
  out(index, rows()) = row.correct;
}

}  // namespace memscale
