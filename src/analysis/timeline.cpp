#include "memscale/analysis/timeline.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <set>

namespace memscale {

namespace {

/// A cut: from this time on, so much less is shown.
struct Cut {
  double from, removed;
};

/// Number of a name, a new one if need be.
std::uint16_t number_of(const std::string& name, std::map<std::string, std::uint16_t>& numbers) {
  constexpr std::size_t most = std::numeric_limits<std::uint16_t>::max();
  if (numbers.size() >= most && !numbers.contains(name)) return 0;
  return numbers.try_emplace(name, static_cast<std::uint16_t>(numbers.size())).first->second;
}

std::vector<std::string> names_of(const std::map<std::string, std::uint16_t>& numbers) {
  std::vector<std::string> names(numbers.size());
  for (const auto& [name, number] : numbers) names[number] = name;
  return names;
}

}  // namespace

/// One schedule in the making.
class ScheduleBuilder {
 public:
  using Entry = Timeline::Entry;

  explicit ScheduleBuilder(const Timeline& timeline) : entries_(timeline.entries_), hosts_(names_of(timeline.hosts_)) {
    std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.started < b.started; });
    name_optimizers();
    find_rows();
    cut_gaps();
  }

  Schedule build(std::size_t most_bars, std::size_t most_rows) {
    schedule_.row_bin = (schedule_.rows.size() + most_rows - 1) / most_rows;
    if (schedule_.row_bin == 1 && entries_.size() <= most_bars) {
      add_each();
      return std::move(schedule_);
    }
    const double piece = add_pieces([&](const Piece& at) { return several(at); }, most_bars / 2);
    schedule_.resolution = piece;
    add_pieces([&](const Piece& at) { return alone(at); }, most_bars - schedule_.bars.size());
    return std::move(schedule_);
  }

 private:
  static constexpr std::size_t most_columns = 800;  // about a pixel each

  /// Their numbers become places in Schedule::optimizers.
  void name_optimizers() {
    std::map<std::uint16_t, std::uint16_t> places;
    for (const Entry& e : entries_) places[e.optimizer] = 0;
    for (auto& [code, place] : places) {
      place = static_cast<std::uint16_t>(schedule_.optimizers.size());
      schedule_.optimizers.emplace_back(name_of(static_cast<OptimizerKind>(code)));
    }
    for (Entry& e : entries_) e.optimizer = places.at(e.optimizer);
  }

  void find_rows() {
    std::map<std::uint16_t, std::set<std::int32_t>> ranks;
    for (const Entry& e : entries_) ranks[e.host].insert(e.rank);
    std::vector<std::pair<std::int32_t, std::uint16_t>> order;
    for (const auto& [host, of_host] : ranks) order.emplace_back(*of_host.begin(), host);
    std::sort(order.begin(), order.end());
    for (const auto& [first, host] : order)
      for (std::int32_t rank : ranks[host]) {
        row_of_[{host, rank}] = schedule_.rows.size();
        schedule_.rows.push_back({hosts_[host], rank});
      }
  }

  /// All of it is shown but times longer than a thirtieth of the busy time in which nobody computed.
  void cut_gaps() {
    constexpr double longest = 1.0 / 30, shown = 1.0 / 60, all_shown = 0.2;  // of the busy time
    std::vector<std::pair<double, double>> idle;
    double end = entries_.front().started, idle_time = 0;
    for (const Entry& e : entries_) {
      if (e.started > end) idle.emplace_back(end, e.started), idle_time += e.started - end;
      end = std::max(end, e.started + e.seconds);
    }
    schedule_.started = entries_.front().started;
    const double busy = end - schedule_.started - idle_time;
    std::erase_if(idle, [&](const auto& gap) { return gap.second - gap.first <= longest * busy; });
    const double width = busy * std::min(shown, all_shown / static_cast<double>(std::max<std::size_t>(idle.size(), 1)));
    double removed = 0;
    for (const auto& [from, to] : idle) {
      schedule_.gaps.push_back({from - schedule_.started - removed + width / 2, to - from});
      removed += to - from - width;
      cuts_.push_back({to, removed});
    }
    schedule_.end = end - schedule_.started - removed;
  }

  double shown(double time) const {
    const auto after =
        std::upper_bound(cuts_.begin(), cuts_.end(), time, [](double t, const Cut& c) { return t < c.from; });
    return time - schedule_.started - (after == cuts_.begin() ? 0 : std::prev(after)->removed);
  }

  void add_each() {
    for (const Entry& e : entries_) {
      const std::size_t row = row_of_.at({e.host, e.rank});
      const double from = shown(e.started);
      schedule_.bars.push_back({row, row, e.optimizer, from, from + e.seconds});
    }
  }

  /// Busy time of some rows in a piece of time, optimizer by optimizer.
  struct Piece {
    const double* busy;
    double sum;
    double all;  ///< if all rows were busy all of it
  };
  using Kind = std::optional<std::size_t>;  ///< of a bar: an optimizer's place

  /// Whoever kept half of it busy.
  Kind several(const Piece& at) const {
    constexpr double enough = 0.5;
    return at.sum >= enough * at.all ? Kind(schedule_.optimizers.size()) : std::nullopt;
  }

  /// The optimizer to which nearly all of it belongs.
  Kind alone(const Piece& at) const {
    constexpr double enough = 0.85;
    for (std::size_t o = 0; o < schedule_.optimizers.size(); ++o)
      if (at.busy[o] >= enough * at.all) return o;
    return std::nullopt;
  }

  /// Bars of equal neighbouring pieces, which are as short as the number of bars allows; their length is returned.
  template <class KindOf>
  double add_pieces(const KindOf& kind_of, std::size_t most_bars) {
    const std::size_t before = schedule_.bars.size();
    for (std::size_t columns = most_columns; columns > 0; columns /= 2) {
      const double piece = schedule_.end / static_cast<double>(columns);
      for (std::size_t first = 0; first < schedule_.rows.size(); first += schedule_.row_bin)
        add_runs(first, busy_times(first, columns, piece), piece, kind_of);
      if (schedule_.bars.size() - before <= most_bars) return piece;
      schedule_.bars.resize(before);
    }
    return schedule_.end;
  }

  /// Of the rows from `first` on that share a bar: a row of optimizers for each piece of time.
  std::vector<double> busy_times(std::size_t first, std::size_t columns, double piece) {
    const std::size_t optimizers = schedule_.optimizers.size();
    std::vector<double> busy(columns * optimizers);
    for (const Entry* e : entries_of(first)) {
      const double from = shown(e->started), to = from + e->seconds;
      for (auto c = static_cast<std::size_t>(std::max(from / piece, 0.0)); c < columns; ++c) {
        const double begin = piece * static_cast<double>(c);
        if (begin >= to) break;
        busy[c * optimizers + e->optimizer] += std::min(to, begin + piece) - std::max(from, begin);
      }
    }
    return busy;
  }

  const std::vector<const Entry*>& entries_of(std::size_t first) {
    if (binned_.empty()) {
      binned_.resize(schedule_.rows.size() / schedule_.row_bin + 1);
      for (const Entry& e : entries_) binned_[row_of_.at({e.host, e.rank}) / schedule_.row_bin].push_back(&e);
    }
    return binned_[first / schedule_.row_bin];
  }

  template <class KindOf>
  void add_runs(std::size_t first, const std::vector<double>& busy, double piece, const KindOf& kind_of) {
    const std::size_t optimizers = schedule_.optimizers.size();
    const std::size_t last = std::min(first + schedule_.row_bin, schedule_.rows.size()) - 1;
    Kind open;
    for (std::size_t c = 0; c * optimizers < busy.size(); ++c) {
      const double* begin = busy.data() + c * optimizers;
      const Kind kind = kind_of(
          Piece{begin, std::accumulate(begin, begin + optimizers, 0.0), piece * static_cast<double>(last - first + 1)});
      const double from = piece * static_cast<double>(c);
      if (kind && kind != open) schedule_.bars.push_back({first, last, *kind, from, from});
      if (kind) schedule_.bars.back().to = from + piece;
      open = kind;
    }
  }

  std::vector<Entry> entries_;  // ascending start
  std::vector<std::string> hosts_;
  std::map<std::pair<std::uint16_t, std::int32_t>, std::size_t> row_of_;
  std::vector<Cut> cuts_;
  std::vector<std::vector<const Entry*>> binned_;  // by rows that share a bar
  Schedule schedule_;
};

void Timeline::add(const Record& record) {
  const Cost& cost = record.cost;
  if (!(cost.started > 0) || !(cost.seconds > 0) || !std::isfinite(cost.started + cost.seconds)) return;
  entries_.push_back({cost.started, static_cast<float>(cost.seconds), static_cast<std::int32_t>(cost.rank),
                      number_of(cost.host, hosts_), static_cast<std::uint16_t>(record.trial.optimizer)});
}

Schedule Timeline::schedule(std::size_t most_bars, std::size_t most_rows) const {
  if (entries_.empty()) return {};
  return ScheduleBuilder(*this).build(most_bars, most_rows);
}

}  // namespace memscale
