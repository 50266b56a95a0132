#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <queue>
#include <set>
#include <utility>
#include <vector>

#include "memscale/schedule/trial_costs.hpp"

namespace memscale {

/// The trials that so many ranks share, and who works at which of their bundles.
class Lane {
 public:
  /// How much may be taken at once.
  struct Limits {
    double batch_seconds;   ///< more than one trial only within this
    double now, time_left;  ///< see Moment
    double share;           ///< seconds until all ranks end, if they end together
  };
  struct Taken {
    std::vector<Trial> trials;
    double seconds = 0;
  };

  Lane(int width, std::vector<Trial> trials, const CostModel& model);

  int width() const { return width_; }
  std::size_t remaining() const { return remaining_; }
  double remaining_seconds() const { return remaining_seconds_; }  ///< of one rank alone

  /// Trials for the ranks that `leader` leads; none where nothing is left that fits.
  Taken take(int leader, const Limits& limits, const CostModel& model);
  void put_back(const Trial& trial, const CostModel& model);
  /// Whether the rank has a part of a bundle of its own.
  bool has_piece(int leader) const;
  /// Nobody has a part of a bundle of its own any more.
  void release_all();
  /// The costs, by what the model has learnt since.
  void recost(const CostModel& model);

 private:
  /// trials_[front, back) of one bundle are still to be handed out.
  struct Piece {
    std::size_t front, back;
    std::size_t bundle;     ///< equal for pieces of one bundle
    double seconds = 0;     ///< of these, embeddings aside
    double embeddings = 0;  ///< seconds
    int owner = -1;         ///< the leader that takes from it
    double end = 0;         ///< when the owner is expected to have done all of it
    bool opened = false;    ///< somebody has or had its embeddings
    bool begun = false;     ///< the owner has the first gradient of the trial in front

    bool empty() const { return front == back; }
  };
  struct Leader {
    std::optional<std::size_t> piece;   ///< that it takes from
    std::optional<std::size_t> bundle;  ///< whose embeddings it has
  };
  using CostAndPiece = std::pair<double, std::size_t>;
  /// Largest cost first; among equals the piece that came first.
  struct Cheaper {
    bool operator()(const CostAndPiece& a, const CostAndPiece& b) const {
      return a.first != b.first ? a.first < b.first : a.second > b.second;
    }
  };
  using CostHeap = std::priority_queue<CostAndPiece, std::vector<CostAndPiece>, Cheaper>;

  std::size_t add_piece(const Piece& piece);
  void set_joins(std::size_t trial);
  void price(Piece& piece);
  double longest(const Piece& piece) const { return seconds_[piece.front] + piece.embeddings; }
  Leader& leader(int rank);
  void own(int rank, std::size_t piece, double now);
  void release(int rank);
  void set_end(std::size_t piece, double end);
  std::optional<std::size_t> longest_free();
  /// Leaves the piece whole groups of one first step of at most so many seconds, or one; the rest is a free piece.
  void cut(std::size_t piece, double seconds);
  /// When the owner of a piece will have done it.
  double expected_end(std::size_t piece, double now) const;
  /// The piece whose owner ends last.
  std::optional<std::size_t> last_owned(double now) const;
  /// Of an owned piece as much as lets its owner and another end together, if the other ends before the owner would
  /// alone; part of a group of one first step only where `may_divide_group`.
  std::optional<std::size_t> split(std::size_t piece, double now, bool may_divide_group);
  /// Where the group that ends at `end` (or begins at `begin`) begins (or ends).
  std::size_t group_begin(const Piece& piece, std::size_t end) const;
  std::size_t group_end(const Piece& piece, std::size_t begin) const;
  double seconds_of(std::size_t begin, std::size_t end) const;
  std::size_t divide(std::size_t piece, std::size_t middle);
  std::optional<std::size_t> find_piece(int rank, const Limits& limits, bool may_split);
  std::optional<std::size_t> find_fitting(const Limits& limits, const CostModel& model);
  bool fits(std::size_t trial, double embeddings, const Limits& limits, const CostModel& model);

  int width_;
  double speed_ = 1;           ///< of the ranks of one leader together: seconds of one rank alone in a second
  std::vector<Trial> trials_;  ///< bundle by bundle; within it by alpha and batch, the longest first
  TrialCosts costs_;
  std::vector<char> joins_;     ///< it has the first step of the trial before it, if that is of its bundle
  std::vector<float> seconds_;  ///< of each, embeddings aside
  std::vector<Piece> pieces_;
  CostHeap free_;                 ///< by their longest trial
  std::set<CostAndPiece> owned_;  ///< by their end
  std::vector<Leader> leaders_;
  std::size_t remaining_;
  double remaining_seconds_ = 0;
  double shortest_ = 0;       ///< seconds that each trial left needs at least; a lower bound
  double shortest_seen_ = 0;  ///< by the search at hand
};

}  // namespace memscale
