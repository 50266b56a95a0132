#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "memscale/schedule/assignment.hpp"
#include "memscale/schedule/cost_model.hpp"
#include "memscale/schedule/lane.hpp"
#include "memscale/schedule/work_at_hand.hpp"

namespace memscale {

/// What a Scheduler must know of the run.
struct SchedulerOptions {
  int ranks = 1;
  int ranks_per_trial = 1;   ///< that share each trial; 0: as many as keep it from outlasting the rest of the run
  double batch_seconds = 1;  ///< trials shorter than this travel together
};

/// When the scheduler is asked.
struct Moment {
  double now = 0;  ///< seconds of a clock that never goes back
  /// Seconds in which what is handed out must end, or for a trial of several steps reach its next step, by all that is
  /// known.
  double time_left = std::numeric_limits<double>::infinity();
};

/// Decides which ranks run which trials. Trials that share embeddings form a bundle. A rank keeps to its bundle, of
/// which it takes no more than lets it end with the others; then it opens the bundle with the longest trial. Of the
/// rank that would end last it takes a part where that rank is late or no bundle is left. Longest first, by a cost
/// model that finished trials teach; near the end of the time, what still fits into it. Pure and deterministic: the
/// answers depend on the trials and the calls alone.
class Scheduler {
 public:
  Scheduler(std::vector<Trial> trials, const SchedulerOptions& options, CostModel model = {});

  /// Work for some of the idle ranks, those idle for the shortest time last. Nothing where no trial is left, or none
  /// that fits into the time left; and while others work, where what is left is not worth its embeddings.
  std::optional<Assignment> next(std::span<const int> idle, const Moment& moment = {});

  /// A trial that so many ranks shared has ended.
  void finished(const Record& record, int ranks = 1);
  /// A trial handed out has not been run, or is to go on.
  void put_back(const Trial& trial);
  /// To be run when all others are handed out; if `alone`, while no other trial is at work.
  void put_last(const Trial& trial, bool alone);

  std::size_t remaining() const { return remaining_; }  ///< not handed out
  double remaining_seconds() const;                     ///< expected of those, one rank working on each
  const CostModel& model() const { return model_; }
  /// Ranks that will share the trial if many are idle.
  int width_of(const Trial& trial) const;

 private:
  struct Last {
    Trial trial;
    double seconds;
  };

  std::vector<int> crew_for(const Lane& lane, std::span<const int> idle) const;
  bool is_collecting(const Lane& lane, std::span<const int> idle) const;
  std::optional<Assignment> next_assignment(std::span<const int> idle, const Moment& moment);
  std::optional<Assignment> next_last(std::span<const int> idle, double time_left);
  bool fits(const Last& last, double time_left) const;
  Assignment take_last(std::deque<Last>& from, std::deque<Last>::iterator last, std::span<const int> idle);
  Lane& lane_of(int width);
  void learn_anew();

  SchedulerOptions options_;
  CostModel model_;
  double share_ = 0;         ///< seconds of a rank, when all have the same
  std::vector<Lane> lanes_;  ///< widest first
  std::deque<Last> last_, last_alone_;
  double last_seconds_ = 0;             ///< of these
  std::optional<std::uint64_t> alone_;  ///< the trial at work that must be alone
  WorkAtHand at_hand_;
  double now_ = 0;            ///< when asked last
  std::vector<int> crew_of_;  ///< by rank: the leader of the last assignment it had a part in; -1: none
  std::size_t remaining_ = 0;
  std::size_t next_lesson_ = 1;
};

}  // namespace memscale
