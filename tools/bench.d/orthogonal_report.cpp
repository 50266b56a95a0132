#include "orthogonal_report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "machine.hpp"
#include "table.hpp"

namespace memscale::bench {

namespace {

using nlohmann::json;
using Form = Column::Form;

/// With NAME_ms for each of these seconds.
json with_milliseconds(json rows) {
  for (json& row : rows)
    for (const std::string key : {"seconds", "dense", "numpy", "pytorch"})
      for (const std::string part : {"", "_median"})
        if (row.contains(key + part)) row[key + part + "_ms"] = 1000 * row.at(key + part).get<double>();
  return rows;
}

std::string threads_text(const json& row) {
  if (!row.contains("threads")) return "";
  return ", " + row.at("threads").dump() + (row.at("threads") == 1 ? " thread" : " threads");
}

/// The largest difference where all agree, and each comparison that has no ratio because they do not.
std::string agreement_text(const json& rows) {
  double difference = -1;
  std::string text;
  for (const json& row : rows)
    for (const auto& [key, name] : {std::pair<std::string, std::string>{"dense", "the dense trial"},
                                    {"numpy", "NumPy"},
                                    {"pytorch", "PyTorch"}}) {
      if (!row.contains(key + "_difference")) continue;
      const double found =
          row.at(key + "_difference").is_number() ? row.at(key + "_difference").get<double>() : HUGE_VAL;
      if (row.contains(key + "_times")) {
        difference = std::max(difference, found);
        continue;
      }
      char line[200];
      std::snprintf(line, sizeof line, "%s%s: the loss of %s differs by %.1e: no ratio\n",
                    row.at("name").get<std::string>().c_str(), threads_text(row).c_str(), name.c_str(), found);
      text += line;
    }
  if (difference < 0) return text;
  char line[120];
  std::snprintf(line, sizeof line, "Losses after the last step agree: they differ by at most %.1e of their value.\n",
                difference);
  return line + text;
}

}  // namespace

std::string orthogonal_report(const json& measured) {
  const json reduced = with_milliseconds(measured.at("reduced")), dense = with_milliseconds(measured.at("dense"));
  json all = reduced;
  all.insert(all.end(), dense.begin(), dense.end());
  return "\nMilliseconds of a training step, the best and the median of all trainings of " +
         measured.at("steps").dump() +
         " steps. x: times memscale's, reduced or\nwith so many threads, best against "
         "best. A step is an update and the softmax, loss and gradient of its W.\n\n" +
         table("Reduced to groups of items, and with all K^2 numbers, on one thread",
               {{"", "trial", "name", Form::text},
                {"", "K", "items", Form::whole},
                {"", "M", "groups", Form::whole},
                {"reduced", "ms", "seconds_ms", Form::number},
                {"reduced", "median", "seconds_median_ms", Form::number},
                {"dense", "ms", "dense_ms", Form::number},
                {"dense", "median", "dense_median_ms", Form::number},
                {"dense", "x", "dense_times", Form::times}},
               reduced) +
         "\n" +
         table(
             "All K^2 numbers; NumPy and PyTorch in float64, as one writes it down. coupled: bases as products\n"
             "with whole matrices; 3 x 3: block by block, as memscale does it",
             {{"", "trial", "name", Form::text},
              {"", "K", "items", Form::whole},
              {"", "threads", "threads", Form::whole},
              {"memscale", "ms", "seconds_ms", Form::number},
              {"memscale", "median", "seconds_median_ms", Form::number},
              {"NumPy", "ms", "numpy_ms", Form::number},
              {"NumPy", "median", "numpy_median_ms", Form::number},
              {"NumPy", "x", "numpy_times", Form::times},
              {"PyTorch", "ms", "pytorch_ms", Form::number},
              {"PyTorch", "median", "pytorch_median_ms", Form::number},
              {"PyTorch", "x", "pytorch_times", Form::times}},
             dense) +
         "\n" + agreement_text(all) + load_note(measured.at("load"), measured.at("cores").get<int>());
}

}  // namespace memscale::bench
