#include "runner_report.hpp"

#include <algorithm>
#include <cmath>

#include "machine.hpp"
#include "rows.hpp"
#include "samples.hpp"

namespace memscale::bench {

namespace {

using nlohmann::json;

constexpr double micro = 1e6;

double number(const json& row, const char* key) {
  return row.at(key).get<double>();
}

/// Of numbers, or of rows with the number `key`.
Samples samples_of(const json& list, const char* key = nullptr) {
  Samples samples;
  for (const json& one : list) samples.add(key ? number(one, key) : one.get<double>());
  return samples;
}

/// The row of the least seconds.
const json& best(const json& rows) {
  return *std::min_element(rows.begin(), rows.end(),
                           [](const json& a, const json& b) { return number(a, "seconds") < number(b, "seconds"); });
}

std::string both(double a, double b, const char* unit = "") {
  return digits(a) + "; " + digits(b) + unit;
}

std::string both(const Samples& samples, double factor, const char* unit) {
  return both(factor * samples.best(), factor * samples.median(), unit);
}

/// Returns the seconds of one.
double add_empty(Rows& rows, const json& measured) {
  const double trials = number(measured, "trials"), each = micro / trials;
  const json& two = best(measured.at("two"));
  const double seconds = number(two, "seconds") / trials;
  rows.add("empty trial on 2 ranks, the result in a synced journal: best; median",
           both(samples_of(measured.at("two"), "seconds"), each, " us"));
  rows.add("  trials a second", 1 / seconds);
  rows.add("  CPU time a trial: the leading thread; all of rank 0",
           both(each * number(two, "master_seconds"), each * number(two, "cpu_seconds"), " us"));
  rows.add("  bytes a trial in the journal", number(two, "bytes") / trials);
  rows.add("  share of the trials that rank 0 ran", number(two, "leader_share"));
  rows.add("  trials that travel together", trials / number(two, "assignments"));
  rows.add("empty trial on one rank without mpirun: best; median",
           both(samples_of(measured.at("serial"), "seconds"), each, " us"));
  rows.add("tiny real trial (N = 100), whole mpirun -n 2 memscale run: best; median",
           both(samples_of(measured.at("tiny")), each, " us"));
  return seconds;
}

void add_mpi4py(Rows& rows, const json& all, int chunksize, double aim, double seconds) {
  const std::string name = "mpi4py.futures, chunksize " + std::to_string(chunksize);
  double fastest = not_measured;
  for (const int pauses : {1, 0}) {
    json with = json::array();
    for (const json& row : all)
      if (row.at("chunksize") == chunksize && row.at("pauses") == pauses) with.push_back(row);
    if (with.empty()) continue;
    rows.add(name + (pauses ? ", " : ", no pauses, ") + best(with).at("ranks").dump() + " ranks: best; median",
             both(samples_of(with, "seconds"), micro, " us"));
    fastest = std::fmin(fastest, number(best(with), "seconds"));
  }
  rows.add(at_least("  the fastest took, of memscale's time", aim, fastest / seconds, "x"));
}

void add_processes(Rows& rows, const json& measured, double seconds) {
  const double processes = number(measured, "processes");
  for (const auto& [key, what] : {std::pair("alone", "one after the other"), std::pair("at_once", "two at once")}) {
    const Samples samples = samples_of(measured.at(key));
    rows.add(std::string("one process a trial, ") + what + ": best; median", both(samples, micro / processes, " us"));
    rows.add("  the fastest took, of memscale's time", samples.best() / processes / seconds, "x");
  }
}

void add_grid(Rows& rows, const json& grid) {
  const Samples one = samples_of(grid.at("one")), two = samples_of(grid.at("two")), pair = samples_of(grid.at("pair"));
  rows.add(grid.at("trials").dump() + " real trials on one rank without mpirun: best; median", both(one, 1, " s"));
  rows.add("  two ranks under mpirun: best; median", both(two, 1, " s"));
  rows.add(at_least("  two ranks are faster by", 1.9, one.best() / two.best(), "x"));
  rows.add("  two one-rank runs at once are faster than one after the other by", 2 * one.best() / pair.best(), "x");
  rows.add("  with nothing to run: one rank without mpirun; two ranks under it",
           both(number(grid, "one_idle"), number(grid, "two_idle"), " s"));
}

}  // namespace

std::vector<Target> runner_rows(const json& measured) {
  const json& grid = measured.at("grid");
  Rows rows(number(measured, "trials") >= 1e5 && samples_of(grid.at("one")).best() >= 10 && measured.at("cores") >= 2);
  const double seconds = add_empty(rows, measured);
  add_mpi4py(rows, measured.at("mpi4py"), 1, 20, seconds);
  add_mpi4py(rows, measured.at("mpi4py"), 100, 1, seconds);
  add_processes(rows, measured, seconds);
  add_grid(rows, grid);
  return rows.take();
}

std::string runner_report(const json& measured) {
  return "\nWhat a trial costs beside its own work, " + measured.at("trials").dump() +
         " trials that do nothing: from the first one handed out to the\nlast record synced. mpi4py.futures: an empty "
         "task whose result, a small tuple, is kept in memory; on 2 and on 3 ranks,\nwith its own pauses between polls "
         "and with none. One process a trial: memscale run "
         "of a trial that takes a millisecond.\n\n" +
         target_lines("Runner", runner_rows(measured)) +
         load_note(number(measured, "load"), measured.at("cores").get<int>());
}

}  // namespace memscale::bench
