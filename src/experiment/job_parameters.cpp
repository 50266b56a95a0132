#include "memscale/experiment/job_parameters.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <string_view>
#include <unordered_set>

#include "memscale/core/text.hpp"
#include "memscale/experiment/job_keys.hpp"
#include "memscale/experiment/job_settings.hpp"

namespace memscale {

namespace {

constexpr std::size_t longest_parameters = 50000;  // bytes: a store keeps them as it does a job's text
constexpr std::size_t most_listed = 1000;          // of one key's values
constexpr std::string_view more = " more)";        // "(9000 more)": how many stand between the first and the last

using Values = std::vector<std::string>;
using Parameters = std::map<std::string, Values, std::less<>>;

/// The distinct values of an axis in order.
Values values_of(const Axis& axis) {
  Values values;
  std::unordered_set<std::string> known;
  for (std::size_t i = 0; i < axis.size; ++i)
    if (std::string text = axis.text(i); known.insert(text).second) values.push_back(std::move(text));
  return values;
}

/// The keys that change a job's trials, and what it gives to them.
class FixedKeys {
 public:
  explicit FixedKeys(const JobSettings& settings) : settings_(settings), optimizers_(optimizers_of(settings)) {}

  Parameters parameters() const {
    Parameters all;
    for (const JobKey& key : job_keys()) {
      if (key.section() == "grid" || key.section() == "run" || is_idle(key)) continue;
      if (key.section() == "train" && is_overridden(key.leaf())) continue;
      all.emplace(key.name, values(key));
    }
    return all;
  }

 private:
  static const JobKey* find(std::string_view name) {
    const auto keys = job_keys();
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const JobKey& k) { return k.name == name; });
    return key == keys.end() ? nullptr : &*key;
  }

  Values values(const JobKey& key) const {
    if (key.fallback == as_train && !settings_.contains(key.name)) return {std::string(as_train)};
    return values_of(axis_of(key, settings_));
  }

  bool is_idle(const JobKey& key) const {
    const auto owner = find_enum<OptimizerKind>(key.section());
    if (owner && std::find(optimizers_.begin(), optimizers_.end(), *owner) == optimizers_.end()) return true;
    const JobKey* other = find(key.idle.key);
    return other && (is_idle(*other) || has_none_but(*other, split_list(key.idle.key, key.idle.values)));
  }

  bool has_none_but(const JobKey& key, const std::vector<std::string_view>& values) const {
    const Axis axis = axis_of(key, settings_);
    for (std::size_t i = 0; i < axis.size; ++i)
      if (std::find(values.begin(), values.end(), axis.text(i)) == values.end()) return false;
    return true;
  }

  /// Whether every optimizer has its own version of this key of [train].
  bool is_overridden(std::string_view leaf) const {
    return std::all_of(optimizers_.begin(), optimizers_.end(), [&](OptimizerKind optimizer) {
      return settings_.contains(std::string(name_of(optimizer)).append(".").append(leaf));
    });
  }

  const JobSettings& settings_;
  std::vector<OptimizerKind> optimizers_;
};

std::string to_lines(const Parameters& parameters, std::size_t most) {
  std::string text;
  for (const auto& [key, values] : parameters) {
    text += key;
    const std::size_t half = values.size() > most ? most / 2 : values.size();
    char before = '=';
    const auto add = [&](const std::string& value) {
      text.append(1, before).append(value);
      before = ',';
    };
    for (std::size_t i = 0; i < half; ++i) add(values[i]);
    if (half < values.size()) {
      add("(" + to_text(std::uint64_t{values.size() - 2 * half}) + std::string(more));
      for (std::size_t i = values.size() - half; i < values.size(); ++i) add(values[i]);
    }
    text += '\n';
  }
  return text;
}

/// Reads what to_lines wrote; lines without a key are passed over.
Parameters from_lines(std::string_view text) {
  Parameters parameters;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    Values& values = parameters[std::string(line.substr(0, equals))];
    for (std::string_view rest = line.substr(equals);;) {
      rest.remove_prefix(1);
      values.emplace_back(rest.substr(0, rest.find(',')));
      if (rest.size() == values.back().size()) break;
      rest.remove_prefix(values.back().size());
    }
  }
  return parameters;
}

/// How many values "(9000 more)" stands for; 0 for a value.
std::size_t unlisted(std::string_view value) {
  std::size_t count = 0;
  if (value.starts_with('(') && value.ends_with(more))
    std::from_chars(value.data() + 1, value.data() + value.size(), count);
  return count;
}

bool share_value(const Values& a, const Values& b) {
  const std::set<std::string_view> known(a.begin(), a.end());
  return std::any_of(b.begin(), b.end(),
                     [&](const std::string& value) { return unlisted(value) == 0 && known.contains(value); });
}

/// "1, 2, 3, ..., 100 (100 values)"
std::string list_text(const Values& values) {
  constexpr std::size_t most_shown = 8, first_shown = 3;
  std::size_t count = 0;
  for (const std::string& value : values) count += std::max<std::size_t>(1, unlisted(value));
  std::string text;
  for (std::size_t i = 0; i < values.size() && (count <= most_shown || i < first_shown); ++i)
    text.append(i ? ", " : "").append(values[i]);
  if (count <= most_shown) return text;
  return text + ", ..., " + values.back() + " (" + to_text(std::uint64_t{count}) + " values)";
}

std::string_view section_of(std::string_view key) {
  return key.substr(0, key.find('.'));
}
std::string_view leaf_of(std::string_view key) {
  return key.substr(key.find('.') + 1);
}

/// Whether an optimizer's own version of this key is named.
bool is_told_by_optimizers(const Parameters& parameters, std::string_view leaf) {
  return std::any_of(parameters.begin(), parameters.end(), [&](const auto& parameter) {
    return leaf_of(parameter.first) == leaf && find_enum<OptimizerKind>(section_of(parameter.first));
  });
}

/// A key's values, and the key that gives them: "train.eta" for "muon.eta=as [train]".
struct Parameter {
  Values values;
  std::string source;
};
using Resolved = std::map<std::string, Parameter>;

/// Optimizers are compared one by one, each by the values that it takes: another's own value of a key leaves its trials
/// as they were.
Resolved resolved(const Parameters& parameters) {
  Resolved all;
  for (const auto& [key, values] : parameters) {
    const std::string_view section = section_of(key), leaf = leaf_of(key);
    if (section == "train" && is_told_by_optimizers(parameters, leaf)) continue;
    if (find_enum<OptimizerKind>(section) && values == Values{std::string(as_train)}) {
      const auto train = parameters.find("train." + std::string(leaf));
      if (train != parameters.end()) all.emplace(key, Parameter{train->second, train->first});
    } else {
      all.emplace(key, Parameter{values, key});
    }
  }
  return all;
}

using Changes = std::map<std::string, ParameterChange>;

void add_change(Changes& changes, const std::string& key, const Parameter& before, const Parameter& now) {
  const std::string& name = before.source == now.source ? now.source : key;
  changes.emplace(name, ParameterChange{name, list_text(before.values), list_text(now.values)});
}

/// The first of `stored` that names `key`, if none of them has a value of `now` for it; else null.
const Parameter* left_behind(const std::vector<Resolved>& stored, const std::string& key, const Parameter& now) {
  const Parameter* first = nullptr;
  for (const Resolved& job : stored) {
    const auto found = job.find(key);
    if (found == job.end()) continue;
    if (share_value(found->second.values, now.values)) return nullptr;
    if (!first) first = &found->second;
  }
  return first;
}

}  // namespace

std::string job_parameters(const std::string& text, const std::vector<std::string>& flags) {
  const JobSettings settings = read_settings(text, "job", flags);
  const Parameters parameters = FixedKeys(settings).parameters();
  std::string lines = to_lines(parameters, most_listed);
  for (std::size_t most = most_listed; lines.size() > longest_parameters && most > 8;)
    lines = to_lines(parameters, most /= 2);
  return lines;
}

std::vector<ParameterChange> changed_parameters(const std::string& before, const std::string& now) {
  return changes_from_each({before}, now).front();
}

std::vector<std::vector<ParameterChange>> changes_from_each(const std::vector<std::string>& stored,
                                                            const std::string& now) {
  std::vector<Resolved> jobs;
  for (const std::string& text : stored) jobs.push_back(resolved(from_lines(text)));
  std::vector<Changes> changes(jobs.size());
  for (const auto& [key, present] : resolved(from_lines(now))) {
    const Parameter* const elsewhere = left_behind(jobs, key, present);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      const auto old = jobs[i].find(key);
      if (old == jobs[i].end() && elsewhere) add_change(changes[i], key, *elsewhere, present);
      if (old != jobs[i].end() && !share_value(old->second.values, present.values))
        add_change(changes[i], key, old->second, present);
    }
  }
  std::vector<std::vector<ParameterChange>> lists(jobs.size());
  for (std::size_t i = 0; i < jobs.size(); ++i)
    for (auto& [key, change] : changes[i]) lists[i].push_back(std::move(change));
  return lists;
}

}  // namespace memscale
