#include "memscale/schedule/lane.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "trial_order.hpp"

namespace memscale {

namespace {

constexpr std::size_t most_trials = 1024;  // of a batch: a message of some 300 kB
/// A trial so much longer than those of the bundle at hand may be worth other embeddings.
constexpr double much_longer = 2;
/// What a rank keeps of a bundle, of its share of all that is left: the rest is for others.
constexpr double most_of_share = 0.9;
/// Embeddings are not made for less work than this part of their own.
constexpr double least_part = 1;

}  // namespace

Lane::Lane(int width, std::vector<Trial> trials, const CostModel& model)
    : width_(width), trials_(std::move(trials)), remaining_(trials_.size()) {
  arrange_trials(trials_);
  seconds_.resize(trials_.size());
  for (std::size_t begin = 0, end = 0; begin < trials_.size(); begin = end) {
    for (end = begin; end < trials_.size() && share_embeddings(trials_[begin], trials_[end]);) ++end;
    add_piece({.front = begin, .back = end, .bundle = begin});
    price(pieces_.back(), model);
    remaining_seconds_ += pieces_.back().seconds + pieces_.back().embeddings;
    free_.emplace(longest(pieces_.back()), pieces_.size() - 1);
  }
}

std::size_t Lane::add_piece(const Piece& piece) {
  pieces_.push_back(piece);
  return pieces_.size() - 1;
}

void Lane::price(Piece& piece, const CostModel& model) {
  piece.seconds = 0;
  for (std::size_t i = piece.front; i < piece.back; ++i) {
    const CostModel::Seconds cost = model.phases(trials_[i]);
    const bool shared = i > piece.front && share_first_step(trials_[i - 1], trials_[i]);
    seconds_[i] = static_cast<float>(cost.rest + (shared ? 0 : cost.first_gradient));
    piece.seconds += seconds_[i];
    piece.embeddings = cost.embeddings;
  }
}

void Lane::recost(const CostModel& model) {
  free_ = {};
  owned_ = {};
  shortest_ = 0;
  remaining_seconds_ = 0;
  for (std::size_t p = 0; p < pieces_.size(); ++p) {
    Piece& piece = pieces_[p];
    if (piece.empty()) continue;
    price(piece, model);
    remaining_seconds_ += piece.seconds + (piece.opened ? 0 : piece.embeddings);
    if (piece.owner < 0)
      free_.emplace(longest(piece), p);
    else
      owned_.emplace(piece.seconds, p);
  }
}

void Lane::put_back(const Trial& trial, const CostModel& model) {
  trials_.push_back(trial);
  seconds_.push_back(0);
  ++remaining_;
  shortest_ = 0;
  const std::size_t place = trials_.size() - 1;
  const std::size_t piece = add_piece({.front = place, .back = place + 1, .bundle = place});
  price(pieces_[piece], model);
  remaining_seconds_ += pieces_[piece].seconds + pieces_[piece].embeddings;
  free_.emplace(longest(pieces_[piece]), piece);
}

Lane::Leader& Lane::leader(int rank) {
  const auto r = static_cast<std::size_t>(rank);
  if (r >= leaders_.size()) leaders_.resize(r + 1);
  return leaders_[r];
}

void Lane::own(int rank, std::size_t piece) {
  release(rank);
  leader(rank).piece = piece;
  pieces_[piece].owner = rank;
  owned_.emplace(pieces_[piece].seconds, piece);
}

void Lane::release(int rank) {
  std::optional<std::size_t>& piece = leader(rank).piece;
  if (piece) {
    pieces_[*piece].owner = -1;
    if (!pieces_[*piece].empty()) free_.emplace(longest(pieces_[*piece]), *piece);
  }
  piece.reset();
}

std::optional<std::size_t> Lane::longest_free() {
  while (!free_.empty()) {
    const auto [seconds, p] = free_.top();
    if (pieces_[p].owner < 0 && !pieces_[p].empty() && seconds == longest(pieces_[p])) return p;
    free_.pop();
  }
  return std::nullopt;
}

std::optional<std::size_t> Lane::largest_owned() {
  // Costs only fall, so the first whose recorded cost is still true is the largest.
  while (!owned_.empty()) {
    const auto [seconds, p] = owned_.top();
    const Piece& piece = pieces_[p];
    if (piece.owner >= 0 && !piece.empty() && seconds == piece.seconds) return p;
    owned_.pop();
    if (piece.owner >= 0 && !piece.empty()) owned_.emplace(piece.seconds, p);
  }
  return std::nullopt;
}

std::size_t Lane::group_begin(const Piece& piece, std::size_t end) const {
  std::size_t begin = end - 1;
  while (begin > piece.front && share_first_step(trials_[begin - 1], trials_[begin])) --begin;
  return begin;
}

std::size_t Lane::group_end(const Piece& piece, std::size_t begin) const {
  std::size_t end = begin + 1;
  while (end < piece.back && share_first_step(trials_[end - 1], trials_[end])) ++end;
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
  pieces_[p].back = middle;
  pieces_[p].seconds = std::max(0.0, pieces_[p].seconds - rest.seconds);
  if (!rest.opened) remaining_seconds_ += rest.embeddings;  // its rank will make them, too
  return add_piece(rest);
}

void Lane::cut(std::size_t p, double most) {
  const Piece& piece = pieces_[p];
  if (piece.seconds + piece.embeddings <= most) return;
  const double wanted = std::max(most - piece.embeddings, least_part * piece.embeddings);
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

std::optional<std::size_t> Lane::split(std::size_t p, const CostModel& model) {
  const Piece& piece = pieces_[p];
  std::size_t middle = group_begin(piece, piece.back);
  double seconds = seconds_of(middle, piece.back), first_gradient = 0;
  const bool one_group = middle == piece.front;
  if (one_group) {  // half of it, whose first gradient has to be made again
    middle = piece.front + (piece.back - piece.front) / 2;
    seconds = seconds_of(middle, piece.back);
    first_gradient = model.phases(trials_[middle]).first_gradient;
  }
  while (!one_group) {
    const std::size_t begin = group_begin(piece, middle);
    const double group = seconds_of(begin, middle);
    if (begin == piece.front || seconds + group > piece.seconds / 2) break;
    seconds += group;
    middle = begin;
  }
  // The owner has its present trial besides, of which nothing is known here.
  if (seconds + piece.embeddings + first_gradient > piece.seconds + longest(piece)) return std::nullopt;
  return divide(p, middle);
}

std::optional<std::size_t> Lane::find_piece(int rank, const Limits& limits, bool may_split, const CostModel& model) {
  std::optional<std::size_t> own_piece = leader(rank).piece;
  if (own_piece && pieces_[*own_piece].empty()) own_piece.reset();
  if (const auto free = longest_free()) {
    const bool must_begin = own_piece && longest(pieces_[*free]) > much_longer * longest(pieces_[*own_piece]) &&
                            pieces_[*own_piece].seconds + longest(pieces_[*free]) > limits.share;
    if (!own_piece || must_begin) {
      own(rank, *free);
      own_piece = free;
      cut(*free, most_of_share * limits.share);
    }
  }
  if (own_piece && may_split) cut(*own_piece, most_of_share * limits.share + pieces_[*own_piece].embeddings);
  if (own_piece || !may_split) return own_piece;
  if (const auto largest = largest_owned())
    if (const auto half = split(*largest, model)) {
      own(rank, *half);
      return half;
    }
  return std::nullopt;
}

bool Lane::fits(std::size_t i, double embeddings, const Limits& limits, const CostModel& model) {
  if (std::isinf(limits.time_left)) return true;
  if (model.learnt() == 0) return limits.time_left > 0;  // nothing is known of this machine's speed
  const Trial& trial = trials_[i];
  const double divided = divisible_share(trial) * (1 - 1.0 / width_);
  // A trial of several steps can be continued from its last one.
  const double needed = embeddings + seconds_[i] * (1 - divided) / static_cast<double>(trial.steps);
  shortest_seen_ = std::min(shortest_seen_, needed);
  return needed * model.spread() <= limits.time_left;
}

/// The longest trial of any piece that fits, as a piece of its own.
std::optional<std::size_t> Lane::find_fitting(const Limits& limits, const CostModel& model) {
  if (shortest_ * model.spread() > limits.time_left) return std::nullopt;
  std::optional<std::pair<std::size_t, std::size_t>> found;  // piece, trial
  shortest_seen_ = limits.time_left;
  for (std::size_t p = 0; p < pieces_.size(); ++p)
    for (std::size_t i = pieces_[p].front; i < pieces_[p].back; ++i)
      if ((!found || seconds_[i] > seconds_[found->second]) && fits(i, pieces_[p].embeddings, limits, model))
        found = {p, i};
  if (!found) {
    shortest_ = shortest_seen_;
    return std::nullopt;
  }
  Piece& piece = pieces_[found->first];
  std::swap(trials_[found->second], trials_[piece.back - 1]);
  std::swap(seconds_[found->second], seconds_[piece.back - 1]);
  --piece.back;
  piece.seconds = std::max(0.0, piece.seconds - seconds_[piece.back]);
  if (piece.owner < 0 && !piece.empty()) free_.emplace(longest(piece), found->first);
  Piece single = piece;
  single.front = piece.back;
  single.back = piece.back + 1;
  single.seconds = seconds_[piece.back];
  single.owner = -1;
  piece.opened = true;  // its embeddings are counted once, with the single
  return add_piece(single);
}

Lane::Taken Lane::take(int rank, const Limits& limits, const CostModel& model) {
  Taken taken;
  while (taken.trials.size() < most_trials) {
    std::optional<std::size_t> p = find_piece(rank, limits, taken.trials.empty(), model);
    if (!p) break;
    const auto embeddings = [&] { return leader(rank).bundle == pieces_[*p].bundle ? 0.0 : pieces_[*p].embeddings; };
    if (!fits(pieces_[*p].front, embeddings(), limits, model)) {
      if (!taken.trials.empty()) break;
      p = find_fitting(limits, model);
      if (!p) break;
      own(rank, *p);
    }
    Piece& piece = pieces_[*p];
    const double seconds = seconds_[piece.front] + embeddings();
    if (!taken.trials.empty() && taken.seconds + seconds > limits.batch_seconds) break;
    taken.trials.push_back(trials_[piece.front]);
    taken.seconds += seconds;
    piece.seconds = std::max(0.0, piece.seconds - seconds_[piece.front]);
    remaining_seconds_ -= seconds_[piece.front] + (std::exchange(piece.opened, true) ? 0 : piece.embeddings);
    ++piece.front;
    leader(rank).bundle = piece.bundle;
    if (--remaining_ == 0) remaining_seconds_ = 0;  // without the roundings of what was subtracted
  }
  return taken;
}

}  // namespace memscale
