#include "seeds_report.hpp"

#include "table.hpp"

namespace memscale::bench {

namespace {

using nlohmann::json;
using Form = Column::Form;

std::string replay_text(const json& replay) {
  json rows = json::array({replay.at("rounds"), replay.at("uniform")});
  const json &rounds = rows[0], &uniform = rows[1];
  const std::string target = replay.at("target");
  std::string text = table(target + ": rounds of seeds, then the smallest uniform number of seeds",
                           {{"seeds a cell", "least", "least_seeds", Form::whole},
                            {"seeds a cell", "most", "most_seeds", Form::whole},
                            {"", "trials", "trials", Form::whole},
                            {"", "core-hours", "core_hours", Form::number},
                            {"", "rounds", "rounds", Form::whole},
                            {"intervals", "all", "intervals", Form::whole},
                            {"intervals", "too wide", "missed", Form::whole},
                            {"intervals", "agree", "agreeing", Form::whole}},
                           rows);
  const auto saved = [&](const char* key) {
    return digits(100 * (1 - rounds.at(key).get<double>() / uniform.at(key).get<double>())) + " %";
  };
  text += "Rounds save " + saved("trials") + " of the trials and " + saved("core_hours") + " of the core-hours";
  if (uniform.at("missed") > 0)
    text += "; " + uniform.at("missed").dump() + " intervals would need more seeds than there are";
  return text + ".\n";
}

}  // namespace

std::string seeds_report(const json& measured) {
  std::string text = "\nBoth ways to choose seeds on the same stored results: " + measured.at("cells").dump() +
                     " cells, up to " + measured.at("max_seeds").dump() + " seeds each; rounds begin with " +
                     measured.at("first_seeds").dump() +
                     ".\nagree: intervals that hold the value which all seeds of the store give.\n";
  for (const json& replay : measured.at("replays")) text += "\n" + replay_text(replay);
  return text;
}

}  // namespace memscale::bench
