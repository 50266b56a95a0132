#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "memscale/experiment/trial.hpp"

namespace memscale {

/// What sets kinds of trials apart, in words: one trial of each is added, then each can be named.
class Labels {
 public:
  /// Parameters in `untold` have a place of their own, where a label need not tell them.
  explicit Labels(std::set<std::string, std::less<>> untold = {}) : untold_(std::move(untold)) {}

  void add(const Trial& trial);

  /// "muon batch=100 kappa=1": method_name, and "key=value" of what differs among those added.
  std::string label(const Trial& trial) const;

  /// Parameters that mean something to all that were added and are equal in all: names and values.
  std::vector<std::pair<std::string, std::string>> common(const Trial& any) const;

 private:
  bool is_apart(const std::string& name, const Trial& trial) const;
  bool agrees(const std::string& name) const;

  std::set<std::string, std::less<>> untold_;
  std::size_t kinds_ = 0;
  std::map<std::pair<std::string, std::string>, std::set<double>> compared_;  // (scope, parameter) -> its values
  std::map<std::string, std::set<double>> all_;                               // parameter -> its values
  std::map<std::string, std::size_t> bearers_;  // parameter -> kinds to which it means something
};

}  // namespace memscale
