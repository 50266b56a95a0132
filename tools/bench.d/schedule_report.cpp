#include "schedule_report.hpp"

#include <algorithm>

#include "machine.hpp"
#include "rows.hpp"
#include "table.hpp"

namespace memscale::bench {

namespace {

using nlohmann::json;
using Form = Column::Form;

constexpr int aim_ranks = 4096;
constexpr std::int64_t aim_trials = 100000;

std::string runs_table(const std::string& heading, const json& rows) {
  return table(heading + ", " + rows.at(0).at("trials").dump() + " trials",
               {{"", "ranks", "ranks", Form::whole},
                {"seconds", "makespan", "makespan", Form::number},
                {"seconds", "bound", "bound", Form::number},
                {"seconds", "longest", "longest", Form::number},
                {"", "efficiency", "efficiency", Form::permille},
                {"share of the ranks' time", "idle", "idle", Form::permille},
                {"share of the ranks' time", "again", "again", Form::permille},
                {"leading thread", "us a trial", "leader_micro", Form::number},
                {"leading thread", "scheduler", "dispatch_micro", Form::number},
                {"leading thread", "at work", "leader_share", Form::permille},
                {"", "together", "together", Form::number}},
               rows);
}

/// `key` of the run on aim_ranks; NaN where there is none.
double at_aim(const json& rows, const char* key) {
  for (const json& row : rows)
    if (row.at("ranks") == aim_ranks && row.at("trials") >= aim_trials) return row.at(key).get<double>();
  return not_measured;
}

}  // namespace

std::vector<Target> schedule_rows(const json& measured) {
  const json& messages = measured.at("messages");
  const auto micro = [&](const char* key) { return digits(1e6 * messages.at(key).get<double>()); };
  Rows rows(true);
  rows.add("standard deviation of log seconds: alike real trials; as simulated",
           digits(measured.at("costs").at("deviation")) + "; " + digits(measured.at("deviation")));
  rows.add("a message from one rank to another", micro("latency") + " us");
  rows.add("leading thread: to send trials; and each of them", micro("send") + "; " + micro("send_trial") + " us");
  rows.add("leading thread: to receive records; and each of them",
           micro("receive") + "; " + micro("receive_record") + " us");
  rows.add("leading thread: to keep a record in the synced journal", micro("keep_record") + " us");
  for (const auto& [key, name] : {std::pair("fig2", "jobs/fig2.cfg"), std::pair("pareto", "heavy tail")}) {
    const std::string what = std::string(name) + ", 100000 trials on 4096 ranks: ";
    rows.add(at_least(what + "efficiency", 0.95, at_aim(measured.at(key), "efficiency"), ""));
    rows.add(under(what + "leading thread a trial", 20, at_aim(measured.at(key), "leader_micro"), " us"));
  }
  return rows.take();
}

std::string schedule_report(const json& measured) {
  json costs = measured.at("costs").at("rows");
  for (json& row : costs)
    for (const auto& [method, phases] : row.at("methods").items()) {
      double seconds = 0;
      for (const auto& phase : phases) seconds += phase.get<double>();
      row[method] = seconds;
    }
  return "\nScheduler and dispatcher as they are; ranks and messages are simulated, with costs measured in this run: "
         "of "
         "real trials,\nof messages between two ranks here, of results in a synced journal; scheduler and dispatcher "
         "take the CPU time that\nthey take. bound: max(total / ranks, longest trial), embeddings and first gradients "
         "made once; again: those made by more\nranks than one; together: trials in a message.\n\n" +
         table("Seconds of a trial, once for all that share them: embeddings, first gradient",
               {{"", "d", "d", Form::whole},
                {"once", "embeddings", "embeddings", Form::number},
                {"once", "first gradient", "first_gradient", Form::number},
                {"besides", "gd", "gd", Form::number},
                {"besides", "muon", "muon", Form::number}},
               costs) +
         "\n" + runs_table("jobs/fig2.cfg with more seeds, lognormal spread", measured.at("fig2")) + "\n" +
         runs_table("The same, fewer", measured.at("tenth")) + "\n" +
         runs_table("The same with a heavy tail that nobody knows before: Pareto's, exponent 2, infinite variance",
                    measured.at("pareto")) +
         "\n" + target_lines("Schedule", schedule_rows(measured)) +
         load_note(measured.at("load"), measured.at("cores").get<int>());
}

}  // namespace memscale::bench
