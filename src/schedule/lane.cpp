#include "memscale/schedule/lane.hpp"

#include <algorithm>
#include <numeric>

#include "trial_order.hpp"

namespace memscale {

namespace {

constexpr std::size_t most_trials = 1024;  // of a batch: a message of some 300 kB
/// A trial so much longer than those of the bundle at hand may be worth other embeddings.
constexpr double much_longer = 2;
/// What a rank takes of a new bundle, of the time until all end: parts that fill it leave no room for errors.
constexpr double most_of_share = 0.8;
/// Embeddings are not made for less work than so many times their own.
constexpr double least_work = 2;
/// By how much of the time of embeddings a rank may end too late before others make them again to help.
constexpr double tolerance = 0.5;

}  // namespace

Lane::Lane(int width, std::vector<Trial> trials, const CostModel& model)
    : width_(width), trials_(arranged(std::move(trials))), costs_(trials_, model), remaining_(trials_.size()) {
  if (!trials_.empty()) speed_ = 1 / (1 - divisible_share(trials_.front()) * (1 - 1.0 / width_));
  seconds_.resize(trials_.size());
  joins_.resize(trials_.size());
  for (std::size_t i = 0; i < trials_.size(); ++i) set_joins(i);
  for (std::size_t begin = 0, end = 0; begin < trials_.size(); begin = end) {
    for (end = begin; end < trials_.size() && share_embeddings(trials_[begin], trials_[end]);) ++end;
    add_piece({.front = begin, .back = end, .bundle = begin});
    price(pieces_.back());
    remaining_seconds_ += pieces_.back().seconds + pieces_.back().embeddings;
    free_.emplace(longest(pieces_.back()), pieces_.size() - 1);
  }
}

void Lane::set_joins(std::size_t i) {
  joins_[i] = i > 0 && share_first_step(trials_[i - 1], trials_[i]);
}

std::size_t Lane::add_piece(const Piece& piece) {
  pieces_.push_back(piece);
  return pieces_.size() - 1;
}

void Lane::price(Piece& piece) {
  piece.seconds = 0;
  for (std::size_t i = piece.front; i < piece.back; ++i) {
    const CostModel::Seconds& cost = costs_[i];
    const bool shared = i == piece.front ? piece.begun : joins_[i] != 0;
    seconds_[i] = static_cast<float>(cost.rest + (shared ? 0 : cost.first_gradient));
    piece.seconds += seconds_[i];
    piece.embeddings = cost.embeddings;
  }
}

void Lane::recost(const CostModel& model) {
  costs_.update(trials_, model);
  free_ = {};
  shortest_ = 0;
  remaining_seconds_ = 0;
  for (std::size_t p = 0; p < pieces_.size(); ++p) {
    Piece& piece = pieces_[p];
    if (piece.empty()) continue;
    const double before = piece.seconds;
    price(piece);
    remaining_seconds_ += piece.seconds + (piece.opened ? 0 : piece.embeddings);
    if (piece.owner < 0)
      free_.emplace(longest(piece), p);
    else
      set_end(p, piece.end + (piece.seconds - before) / speed_);
  }
}

void Lane::put_back(const Trial& trial, const CostModel& model) {
  trials_.push_back(trial);
  seconds_.push_back(0);
  joins_.push_back(0);
  costs_.add(trials_, model);
  ++remaining_;
  shortest_ = 0;
  const std::size_t place = trials_.size() - 1;
  const std::size_t piece = add_piece({.front = place, .back = place + 1, .bundle = place});
  price(pieces_[piece]);
  remaining_seconds_ += pieces_[piece].seconds + pieces_[piece].embeddings;
  free_.emplace(longest(pieces_[piece]), piece);
}

Lane::Leader& Lane::leader(int rank) {
  const auto r = static_cast<std::size_t>(rank);
  if (r >= leaders_.size()) leaders_.resize(r + 1);
  return leaders_[r];
}

void Lane::own(int rank, std::size_t p, double now) {
  release(rank);
  leader(rank).piece = p;
  pieces_[p].owner = rank;
  set_end(p, now + pieces_[p].seconds / speed_);
}

void Lane::release(int rank) {
  const std::optional<std::size_t> p = std::exchange(leader(rank).piece, std::nullopt);
  if (!p) return;
  Piece& piece = pieces_[*p];
  owned_.erase({piece.end, *p});
  piece.owner = -1;
  piece.begun = false;
  if (!piece.empty()) free_.emplace(longest(piece), *p);
}

void Lane::release_all() {
  for (std::size_t rank = 0; rank < leaders_.size(); ++rank) release(static_cast<int>(rank));
}

bool Lane::has_piece(int rank) const {
  const auto r = static_cast<std::size_t>(rank);
  return r < leaders_.size() && leaders_[r].piece && !pieces_[*leaders_[r].piece].empty();
}

void Lane::set_end(std::size_t p, double end) {
  owned_.erase({pieces_[p].end, p});
  pieces_[p].end = end;
  if (!pieces_[p].empty()) owned_.emplace(end, p);
}

std::optional<std::size_t> Lane::longest_free() {
  while (!free_.empty()) {
    const auto [seconds, p] = free_.top();
    if (pieces_[p].owner < 0 && !pieces_[p].empty() && seconds == longest(pieces_[p])) return p;
    free_.pop();
  }
  return std::nullopt;
}

std::size_t Lane::group_begin(const Piece& piece, std::size_t end) const {
  std::size_t begin = end - 1;
  while (begin > piece.front && joins_[begin]) --begin;
  return begin;
}

std::size_t Lane::group_end(const Piece& piece, std::size_t begin) const {
  std::size_t end = begin + 1;
  while (end < piece.back && joins_[end]) ++end;
  return end;
}

double Lane::seconds_of(std::size_t begin, std::size_t end) const {
  return std::accumulate(seconds_.begin() + static_cast<std::ptrdiff_t>(begin),
                         seconds_.begin() + static_cast<std::ptrdiff_t>(end), 0.0);
}

/// trials_[middle, back) become a piece of their own.
std::size_t Lane::divide(std::size_t p, std::size_t middle) {
  Piece rest = pieces_[p];
  rest.front = middle;
  rest.seconds = seconds_of(middle, rest.back);
  rest.owner = -1;
  rest.begun = false;
  pieces_[p].back = middle;
  pieces_[p].seconds = std::max(0.0, pieces_[p].seconds - rest.seconds);
  if (pieces_[p].owner >= 0) set_end(p, pieces_[p].end - rest.seconds / speed_);
  if (!rest.opened) remaining_seconds_ += rest.embeddings;  // its rank will make them, too
  return add_piece(rest);
}

void Lane::cut(std::size_t p, double most) {
  const Piece& piece = pieces_[p];
  if (piece.seconds + piece.embeddings <= most) return;
  const double wanted = std::max(most - piece.embeddings, least_work * piece.embeddings);
  std::size_t middle = group_end(piece, piece.front);
  double seconds = seconds_of(piece.front, middle);
  while (middle < piece.back) {
    const std::size_t end = group_end(piece, middle);
    const double group = seconds_of(middle, end);
    if (seconds + group > wanted) break;
    seconds += group;
    middle = end;
  }
  if (middle == piece.back) return;
  const std::size_t rest = divide(p, middle);
  free_.emplace(longest(pieces_[rest]), rest);
}

double Lane::expected_end(std::size_t p, double now) const {
  const Piece& piece = pieces_[p];
  const double rest = now + piece.seconds / speed_;
  // One that is late has its present trial still to end, of which nothing is known.
  return piece.end >= rest ? piece.end : rest + longest(piece) / speed_;
}

std::optional<std::size_t> Lane::last_owned(double now) const {
  if (owned_.empty()) return std::nullopt;
  // Those that are late stand first, by what was expected.
  const std::size_t latest = owned_.rbegin()->second, earliest = owned_.begin()->second;
  return expected_end(earliest, now) > expected_end(latest, now) ? earliest : latest;
}

std::optional<std::size_t> Lane::split(std::size_t p, double now, bool may_divide_group) {
  const Piece& piece = pieces_[p];
  const double left = (expected_end(p, now) - now) * speed_;  // seconds of the owner's work
  std::size_t middle = group_begin(piece, piece.back);
  double seconds = seconds_of(middle, piece.back), first_gradient = 0;
  if (middle == piece.front) {
    if (!may_divide_group) return std::nullopt;
    middle = piece.front + (piece.back - piece.front) / 2;
    seconds = seconds_of(middle, piece.back);
    // which the owner has or is about to make
    if (middle > piece.front || piece.begun) first_gradient = costs_[middle].first_gradient;
  } else {
    // embeddings + x = left - x
    const double wanted = (left - piece.embeddings) / 2;
    for (std::size_t begin = group_begin(piece, middle); begin > piece.front; begin = group_begin(piece, middle)) {
      const double group = seconds_of(begin, middle);
      if (seconds + group > wanted) break;
      seconds += group;
      middle = begin;
    }
  }
  if (piece.embeddings + first_gradient + seconds > left) return std::nullopt;
  const std::size_t part = divide(p, middle);
  seconds_[middle] += static_cast<float>(first_gradient);
  pieces_[part].seconds += first_gradient;
  remaining_seconds_ += first_gradient;
  return part;
}

std::optional<std::size_t> Lane::find_piece(int rank, const Limits& limits, bool may_split) {
  const double share = limits.share * speed_;  // seconds of work
  std::optional<std::size_t> own_piece = leader(rank).piece;
  if (own_piece && pieces_[*own_piece].empty()) own_piece.reset();
  const auto slack = [&](std::size_t p) { return tolerance * pieces_[p].embeddings; };
  const auto take_part = [&](std::size_t p, bool may_divide_group) {
    const std::optional<std::size_t> part = split(p, limits.now, may_divide_group);
    if (part) own(rank, *part, limits.now);
    return part;
  };
  if (!own_piece && may_split)
    if (const auto last = last_owned(limits.now);
        last && (expected_end(*last, limits.now) - limits.now) * speed_ > share + slack(*last))
      if (const auto part = take_part(*last, false)) return part;
  if (const auto free = longest_free()) {
    const bool must_begin = own_piece && longest(pieces_[*free]) > much_longer * longest(pieces_[*own_piece]) &&
                            longest(pieces_[*free]) > share;
    if (!own_piece || must_begin) {
      own(rank, *free, limits.now);
      own_piece = free;
      cut(*free, most_of_share * share);
    }
  }
  if (own_piece && may_split) cut(*own_piece, share + slack(*own_piece));
  if (own_piece || !may_split) return own_piece;
  if (const auto last = last_owned(limits.now)) return take_part(*last, true);
  return std::nullopt;
}

Lane::Taken Lane::take(int rank, const Limits& limits, const CostModel& model) {
  Taken taken;
  while (taken.trials.size() < most_trials) {
    std::optional<std::size_t> p = find_piece(rank, limits, taken.trials.empty());
    if (!p) break;
    const auto embeddings = [&] { return leader(rank).bundle == pieces_[*p].bundle ? 0.0 : pieces_[*p].embeddings; };
    if (!fits(pieces_[*p].front, embeddings(), limits, model)) {
      if (!taken.trials.empty()) break;
      p = find_fitting(limits, model);
      if (!p) break;
      own(rank, *p, limits.now);
    }
    Piece& piece = pieces_[*p];
    const double seconds = seconds_[piece.front] + embeddings();
    if (!taken.trials.empty() && taken.seconds + seconds > limits.batch_seconds) break;
    taken.trials.push_back(trials_[piece.front]);
    taken.seconds += seconds;
    piece.seconds = std::max(0.0, piece.seconds - seconds_[piece.front]);
    remaining_seconds_ -= seconds_[piece.front] + (std::exchange(piece.opened, true) ? 0 : piece.embeddings);
    ++piece.front;
    piece.begun = !piece.empty() && joins_[piece.front];
    leader(rank).bundle = piece.bundle;
    if (--remaining_ == 0) remaining_seconds_ = 0;  // without the roundings of what was subtracted
  }
  if (const auto p = leader(rank).piece) set_end(*p, limits.now + (taken.seconds + pieces_[*p].seconds) / speed_);
  return taken;
}

}  // namespace memscale
