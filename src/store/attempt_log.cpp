#include "memscale/store/attempt_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>

#include "memscale/core/text.hpp"

namespace memscale {

namespace fs = std::filesystem;

namespace {

constexpr const char* file_name = "attempts";
constexpr int most_deaths = 1'000'000;

/// What the lines of one run come to.
class RunLog {
 public:
  void take(const std::string& line) {
    std::istringstream words(line);
    std::string what;
    words >> what;
    if (what == "deaths")
      take_deaths(words);
    else if (what == "at-work")
      take_work(words);
    else if (what == "idle")
      for (int rank = 0; words >> rank;) at_work_.erase(rank);
    else if (int rank = 0; what == "here" && words >> rank)
      here_.insert(rank);
    else if (what == "left" && words >> rank)
      at_work_.erase(rank);
    else if (what == "end")
      at_work_.clear();
  }

  std::map<std::uint64_t, int> deaths() {
    for (const auto& [rank, ids] : at_work_)
      if (here_.contains(rank)) count(ids);
    return std::move(deaths_);
  }

 private:
  static std::vector<std::uint64_t> ids_of(std::istringstream& words) {
    std::vector<std::uint64_t> ids;
    for (std::string word; words >> word;) {
      std::uint64_t id = 0;
      const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), id, 16);
      if (error != std::errc() || end != word.data() + word.size() || word.size() != 16) break;
      ids.push_back(id);
    }
    return ids;
  }
  void take_deaths(std::istringstream& words) {
    std::string id;
    int deaths = 0;
    if (!(words >> id >> deaths) || deaths < 1) return;
    std::istringstream one(id);
    for (std::uint64_t known : ids_of(one)) deaths_[known] = std::min(deaths, most_deaths);
  }
  void take_work(std::istringstream& words) {
    int rank = 0;
    if (words >> rank) at_work_[rank] = ids_of(words);
  }
  void count(const std::vector<std::uint64_t>& ids) {
    for (std::uint64_t id : ids)
      if (blamed_.insert(id).second && deaths_[id] < most_deaths) ++deaths_[id];
  }

  std::map<std::uint64_t, int> deaths_;
  std::map<int, std::vector<std::uint64_t>> at_work_;
  std::set<std::uint64_t> blamed_;  ///< once a run, though several ranks shared it
  std::set<int> here_;
};

}  // namespace

AttemptLog::AttemptLog(const StorePath& path) : path_(path.journal / file_name) {
  read(path_);
  begin(path_);
}

void AttemptLog::read(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return;
  std::ifstream in(file, std::ios::binary);
  RunLog log;
  for (std::string line; std::getline(in, line) && !in.eof();) log.take(line);  // a line without its end was torn
  deaths_ = log.deaths();
}

/// The counts so far, in place of what they came from.
void AttemptLog::begin(const fs::path& file) try {
  const fs::path next = file.string() + ".next";
  remove_file(next);
  file_ = open_file(next, O_WRONLY | O_CREAT | O_EXCL | O_APPEND);
  std::string lines;
  for (const auto& [id, deaths] : deaths_) lines += "deaths " + to_hex(id) + ' ' + std::to_string(deaths) + '\n';
  write_all(file_, std::as_bytes(std::span(lines)), next);
  fs::rename(next, file);
} catch (const std::system_error&) {
  failed_ = true;
}

void AttemptLog::write(const std::string& lines) {
  if (failed_) return;
  try {
    write_all(file_, std::as_bytes(std::span(lines)), path_);
  } catch (const std::system_error&) {
    failed_ = true;
  }
}

void AttemptLog::at_work(std::span<const int> ranks, std::span<const std::uint64_t> trial_ids) {
  std::string ids;
  for (std::uint64_t id : trial_ids) ids += ' ' + to_hex(id);
  std::string lines;
  for (int rank : ranks) lines += "at-work " + std::to_string(rank) + ids + '\n';
  write(lines);
}

void AttemptLog::idle(std::span<const int> ranks) {
  std::string line = "idle";
  for (int rank : ranks) line += ' ' + std::to_string(rank);
  write(line + '\n');
}

void AttemptLog::end() {
  write("end\n");
}

DepartureLine::DepartureLine(const fs::path& snapshot, int rank) {
  try {
    file_ = open_file(fs::path(snapshot.string() + ".journal") / file_name, O_WRONLY | O_APPEND);
    const std::string here = "here " + std::to_string(rank) + '\n', left = "left " + std::to_string(rank) + '\n';
    write_all(file_, std::as_bytes(std::span(here)), snapshot);
    size_ = left.copy(text_.data(), text_.size());
  } catch (const std::system_error&) {
    size_ = 0;
  }
}

void DepartureLine::write_left() const noexcept {
  if (size_ > 0) static_cast<void>(!::write(file_.get(), text_.data(), size_));
}

void remove_attempts(const StorePath& path) {
  remove_file(path.journal / file_name);
  remove_file(path.journal / (std::string(file_name) + ".next"));
}

}  // namespace memscale
