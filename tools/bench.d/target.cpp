#include "target.hpp"

#include <cmath>
#include <cstdio>

#include "table.hpp"

namespace memscale::bench {

namespace {

Target judged(const std::string& what, const std::string& aim, double reached, const std::string& unit, bool met) {
  if (std::isnan(reached)) return {what, aim, "-", "not measured"};
  return {what, aim, digits(reached) + unit, met ? "yes" : "no"};
}

}  // namespace

Target at_least(const std::string& what, double aim, double reached, const std::string& unit) {
  return judged(what, "at least " + digits(aim) + unit, reached, unit, reached >= aim);
}

Target under(const std::string& what, double aim, double reached, const std::string& unit) {
  return judged(what, "under " + digits(aim) + unit, reached, unit, reached < aim);
}

std::string target_lines(const std::string& what, const std::vector<Target>& targets) {
  std::string text;
  const auto add = [&](const Target& row) {
    char line[160];
    std::snprintf(line, sizeof line, "%-72s %-16s %-10s %s", row.what.c_str(), row.aim.c_str(), row.reached.c_str(),
                  row.verdict.c_str());
    text += line;
    text.erase(text.find_last_not_of(' ') + 1) += '\n';
  };
  add({what, "aim", "reached", "reached?"});
  for (const Target& target : targets) add(target);
  return text;
}

nlohmann::json to_json(const std::vector<Target>& targets) {
  nlohmann::json list = nlohmann::json::array();
  for (const Target& target : targets)
    list.push_back(
        {{"what", target.what}, {"aim", target.aim}, {"reached", target.reached}, {"verdict", target.verdict}});
  return list;
}

}  // namespace memscale::bench
