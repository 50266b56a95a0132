#include "memscale/schedule/scheduler.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace memscale {

namespace {

/// The guided size of a batch: a part of what each rank has still to do, so that the ranks end together.
constexpr double batch_part = 0.25;

}  // namespace

Scheduler::Scheduler(std::vector<Trial> trials, const SchedulerOptions& options, CostModel model)
    : options_(options),
      model_(std::move(model)),
      at_hand_(options.ranks),
      crew_of_(static_cast<std::size_t>(options.ranks), -1),
      remaining_(trials.size()) {
  double seconds = 0;
  if (options_.ranks_per_trial == 0)
    for (const Trial& trial : trials) seconds += model_.seconds(trial);
  share_ = seconds / options_.ranks;
  if (options_.ranks_per_trial != 0 || options_.ranks == 1) {
    lanes_.emplace_back(std::clamp(options_.ranks_per_trial, 1, options_.ranks), std::move(trials), model_);
    return;
  }
  std::map<int, std::vector<Trial>, std::greater<>> by_width;
  for (const Trial& trial : trials) by_width[width_of(trial)].push_back(trial);
  for (auto& [width, some] : by_width) lanes_.emplace_back(width, std::move(some), model_);
}

int Scheduler::width_of(const Trial& trial) const {
  if (options_.ranks_per_trial != 0) return std::clamp(options_.ranks_per_trial, 1, options_.ranks);
  const double seconds = model_.seconds(trial);
  if (share_ <= 0 || seconds <= share_) return 1;
  // What is not divided would let the others wait: no more ranks than halve it.
  const double undivided = 1 - divisible_share(trial);
  const double most = std::min(static_cast<double>(options_.ranks), 1 / std::max(undivided, 1e-3));
  return static_cast<int>(std::clamp(std::ceil(seconds / share_), 1.0, std::max(1.0, std::floor(most))));
}

Lane& Scheduler::lane_of(int width) {
  const auto place =
      std::find_if(lanes_.begin(), lanes_.end(), [&](const Lane& lane) { return lane.width() <= width; });
  if (place != lanes_.end() && place->width() == width) return *place;
  return *lanes_.emplace(place, width, std::vector<Trial>{}, model_);
}

double Scheduler::remaining_seconds() const {
  double seconds = 0;
  for (const Lane& lane : lanes_) seconds += lane.remaining_seconds();
  return seconds + last_seconds_;
}

/// Whether idle ranks wait until there are enough of them for the lane: where no crew at work will come back for it.
bool Scheduler::is_collecting(const Lane& lane, std::span<const int> idle) const {
  std::vector<char> is_idle(crew_of_.size(), 0);
  for (int rank : idle) is_idle[static_cast<std::size_t>(rank)] = 1;
  std::vector<int> at_work(crew_of_.size(), 0);  // by leader: ranks of its crew
  for (int rank = 0; rank < options_.ranks; ++rank) {
    const int leader = crew_of_[static_cast<std::size_t>(rank)];
    if (leader >= 0 && !is_idle[static_cast<std::size_t>(rank)]) ++at_work[static_cast<std::size_t>(leader)];
  }
  return std::none_of(at_work.begin(), at_work.end(), [&](int ranks) { return ranks >= lane.width(); });
}

/// The ranks for a trial of the lane; none if there are too few idle ones.
std::vector<int> Scheduler::crew_for(const Lane& lane, std::span<const int> idle) const {
  const auto width = static_cast<std::size_t>(lane.width());
  if (width == 1) return {idle.back()};
  if (idle.size() >= width) {
    // Ranks that worked together have the same embeddings.
    std::vector<std::size_t> idle_of(crew_of_.size(), 0);  // by leader
    for (int rank : idle)
      if (const int leader = crew_of_[static_cast<std::size_t>(rank)]; leader >= 0)
        ++idle_of[static_cast<std::size_t>(leader)];
    std::optional<int> leader;
    for (int rank = 0; rank < options_.ranks && !(leader && lane.has_piece(*leader)); ++rank)
      if (idle_of[static_cast<std::size_t>(rank)] == width && (!leader || lane.has_piece(rank))) leader = rank;
    if (!leader) return {idle.end() - lane.width(), idle.end()};
    std::vector<int> crew{*leader};  // the one that has the piece
    for (int rank : idle)
      if (rank != *leader && crew_of_[static_cast<std::size_t>(rank)] == *leader) crew.push_back(rank);
    return crew;
  }
  // Where all trials have one width, the ranks that are over work together.
  const bool are_over = lanes_.size() == 1 && idle.size() == crew_of_.size() % width;
  if (are_over && !is_collecting(lane, idle)) return {idle.begin(), idle.end()};
  return {};
}

std::optional<Assignment> Scheduler::next(std::span<const int> idle, const Moment& moment) {
  now_ = moment.now;
  at_hand_.end(idle);
  if (idle.empty() || remaining_ == 0 || alone_) return std::nullopt;
  std::optional<Assignment> assignment = next_assignment(idle, moment);
  if (!assignment && idle.size() == crew_of_.size()) {  // nobody will come back for what is his
    for (Lane& lane : lanes_) lane.release_all();
    assignment = next_assignment(idle, moment);
  }
  if (!assignment) return std::nullopt;
  remaining_ -= assignment->trials.size();
  for (int rank : assignment->ranks) {
    crew_of_[static_cast<std::size_t>(rank)] = assignment->ranks.front();
    at_hand_.begin(rank, now_ + shared_seconds(*assignment));
  }
  return assignment;
}

std::optional<Assignment> Scheduler::next_assignment(std::span<const int> idle, const Moment& moment) {
  const double share = (remaining_seconds() + at_hand_.seconds_left(moment.now)) / options_.ranks;
  const Lane::Limits limits{std::min(options_.batch_seconds, batch_part * share), moment.now, moment.time_left, share};
  for (Lane& lane : lanes_) {
    if (lane.remaining() == 0) continue;
    std::vector<int> crew = crew_for(lane, idle);
    if (crew.empty()) {
      if (is_collecting(lane, idle)) return std::nullopt;
      continue;
    }
    Lane::Taken taken = lane.take(crew.front(), limits, model_);
    if (taken.trials.empty()) continue;
    return Assignment{std::move(taken.trials), std::move(crew), taken.seconds};
  }
  return next_last(idle, moment.time_left);
}

bool Scheduler::fits(const Last& last, double time_left) const {
  if (model_.learnt() == 0) return time_left > 0;
  return last.seconds / static_cast<double>(last.trial.steps) * model_.spread() <= time_left;
}

Assignment Scheduler::take_last(std::deque<Last>& from, std::deque<Last>::iterator last, std::span<const int> idle) {
  const auto width = std::min(static_cast<std::size_t>(width_of(last->trial)), idle.size());
  Assignment assignment{{last->trial}, {idle.end() - static_cast<std::ptrdiff_t>(width), idle.end()}, last->seconds};
  last_seconds_ -= last->seconds;
  from.erase(last);
  if (last_.empty() && last_alone_.empty()) last_seconds_ = 0;
  return assignment;
}

std::optional<Assignment> Scheduler::next_last(std::span<const int> idle, double time_left) {
  const bool nobody_works = idle.size() == crew_of_.size();
  constexpr std::size_t most_looked_at = 100;
  for (std::size_t i = 0; i < std::min(last_.size(), most_looked_at); ++i) {
    const bool enough = nobody_works || idle.size() >= static_cast<std::size_t>(width_of(last_[i].trial));
    if (enough && fits(last_[i], time_left))
      return take_last(last_, last_.begin() + static_cast<std::ptrdiff_t>(i), idle);
  }
  if (!nobody_works || last_alone_.empty() || !fits(last_alone_.front(), time_left)) return std::nullopt;
  alone_ = trial_id(last_alone_.front().trial);
  return take_last(last_alone_, last_alone_.begin(), idle);
}

void Scheduler::finished(const Record& record, int ranks) {
  if (alone_ && *alone_ == trial_id(record.trial)) alone_.reset();
  model_.learn(record, ranks);
  if (model_.learnt() >= next_lesson_) learn_anew();
}

void Scheduler::learn_anew() {
  next_lesson_ = model_.learnt() + std::max<std::size_t>(1, model_.learnt() / 4);
  const double before = remaining_seconds();
  for (Lane& lane : lanes_) lane.recost(model_);
  // The ranks at work have trials that were misjudged alike.
  if (before > 0) at_hand_.scale(remaining_seconds() / before, now_);
}

void Scheduler::put_back(const Trial& trial) {
  const std::uint64_t id = trial_id(trial);
  if (alone_ == id) return put_last(trial, true);
  lane_of(width_of(trial)).put_back(trial, model_);
  ++remaining_;
}

void Scheduler::put_last(const Trial& trial, bool alone) {
  if (alone && alone_ == trial_id(trial)) alone_.reset();
  (alone ? last_alone_ : last_).push_back({trial, model_.seconds(trial)});
  last_seconds_ += model_.seconds(trial);
  ++remaining_;
}

}  // namespace memscale
