#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "memscale/experiment/result.hpp"

namespace memscale {

/// Time in which rows first .. last (both included) were busy, in shown seconds.
struct ScheduleBar {
  std::size_t first, last;
  std::size_t optimizer;  ///< of Schedule::optimizers; their number: of several
  double from, to;
};

/// Idle time of all ranks that is cut out.
struct ScheduleGap {
  double at;       ///< its middle, in shown seconds
  double seconds;  ///< that it lasted
};

struct ScheduleRow {
  std::string host;
  std::int64_t rank;
};

/// When each rank computed what.
struct Schedule {
  std::vector<ScheduleBar> bars;
  std::vector<ScheduleGap> gaps;
  std::vector<ScheduleRow> rows;        ///< hosts by their smallest rank, ranks ascending in each
  std::vector<std::string> optimizers;  ///< in the order of OptimizerKind
  double started = 0;                   ///< seconds since 1970
  double end = 0;                       ///< in shown seconds; they begin at 0
  double resolution = 0;    ///< seconds: bars tell which such pieces of time were mostly busy; 0: each is one trial
  std::size_t row_bin = 1;  ///< ranks that a bar stands for
};

/// Collects when and where trials ran, 24 bytes a trial.
class Timeline {
 public:
  void add(const Record& record);
  /// At most so many bars. Where trials are more, the first bars are of several optimizers and tell busy from idle; on
  /// top of them lie those of one optimizer, as far as they fit. Neighbouring ranks share bars where there are more
  /// than `most_rows`.
  Schedule schedule(std::size_t most_bars = 3000, std::size_t most_rows = 128) const;

 private:
  struct Entry {
    double started;
    float seconds;
    std::int32_t rank;
    std::uint16_t host;
    std::uint16_t optimizer;  // code of OptimizerKind
  };
  std::vector<Entry> entries_;
  std::map<std::string, std::uint16_t> hosts_;

  friend class ScheduleBuilder;
};

}  // namespace memscale
