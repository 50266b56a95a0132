#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "memscale/schedule/cost_model.hpp"

namespace memscale {

/// The trials that so many ranks share, and who works at which of their bundles.
class Lane {
 public:
  /// How much may be taken at once.
  struct Limits {
    double batch_seconds;  ///< more than one trial only within this
    double time_left;      ///< see Scheduler::next
    double share;          ///< seconds that each rank has still to work; what would end later must begin at once
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
    bool opened = false;    ///< somebody has or had its embeddings

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
  void price(Piece& piece, const CostModel& model);
  double longest(const Piece& piece) const { return seconds_[piece.front] + piece.embeddings; }
  Leader& leader(int rank);
  void own(int rank, std::size_t piece);
  void release(int rank);
  std::optional<std::size_t> longest_free();
  std::optional<std::size_t> largest_owned();
  /// Leaves the piece whole groups of one first step of at most so many seconds, or one; the rest is a free piece.
  void cut(std::size_t piece, double seconds);
  /// A new piece with about half of what is left of an owned one, if whoever takes it ends before the owner would.
  std::optional<std::size_t> split(std::size_t piece, const CostModel& model);
  /// Where the group that ends at `end` (or begins at `begin`) begins (or ends).
  std::size_t group_begin(const Piece& piece, std::size_t end) const;
  std::size_t group_end(const Piece& piece, std::size_t begin) const;
  double seconds_of(std::size_t begin, std::size_t end) const;
  std::size_t divide(std::size_t piece, std::size_t middle);
  std::optional<std::size_t> find_piece(int rank, const Limits& limits, bool may_split, const CostModel& model);
  std::optional<std::size_t> find_fitting(const Limits& limits, const CostModel& model);
  bool fits(std::size_t trial, double embeddings, const Limits& limits, const CostModel& model);

  int width_;
  std::vector<Trial> trials_;   ///< bundle by bundle; within it by alpha and batch, the longest first
  std::vector<float> seconds_;  ///< of each, embeddings aside
  std::vector<Piece> pieces_;
  CostHeap free_;   ///< by their longest trial
  CostHeap owned_;  ///< by their seconds when pushed: never below the true ones
  std::vector<Leader> leaders_;
  std::size_t remaining_;
  double remaining_seconds_ = 0;
  double shortest_ = 0;       ///< seconds that each trial left needs at least; a lower bound
  double shortest_seen_ = 0;  ///< by the search at hand
};

}  // namespace memscale
