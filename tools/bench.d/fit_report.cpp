#include "fit_report.hpp"

#include <algorithm>
#include <cstdio>

#include "machine.hpp"
#include "rows.hpp"
#include "table.hpp"

namespace memscale::bench {

namespace {

using nlohmann::json;
using Form = Column::Form;

constexpr double aim_seconds = 5, aim_gib = 1, gib = 1024.0 * 1024.0 * 1024.0;
constexpr std::int64_t aim_records = 1000000;

std::string difference_text(double difference) {
  if (difference < 0) return "";
  char text[80];
  std::snprintf(text, sizeof text, "Exponents of the two differ by at most %.1g.\n", difference);
  return text;
}

}  // namespace

std::vector<Target> fit_rows(const json& measured) {
  Rows rows(measured.at("records") >= aim_records);
  for (const json& shape : measured.at("shapes")) {
    const std::string what = shape.at("name").get<std::string>() + ": ";
    rows.add(under(what + "read, aggregate, fit, write", aim_seconds, shape.at("fit").at("seconds"), " s"));
    rows.add(under(what + "memory", aim_gib, shape.at("fit").at("peak").get<double>() / gib, " GiB"));
  }
  return rows.take();
}

std::string fit_report(const json& measured) {
  json lines = json::array();
  double difference = -1;
  for (const json& shape : measured.at("shapes")) {
    json line{{"cells", shape.at("cells")},
              {"steps", shape.at("steps")},
              {"bytes", shape.at("bytes").get<double>() / gib},
              {"seconds", shape.at("fit").at("seconds")},
              {"cpu", shape.at("fit").at("cpu_seconds")},
              {"peak", shape.at("fit").at("peak").get<double>() / gib}};
    if (shape.contains("pandas")) {
      line["pandas"] = shape.at("pandas").at("seconds");
      line["pandas_peak"] = shape.at("pandas").at("peak").get<double>() / gib;
      difference = std::max(difference, shape.at("pandas").at("difference").get<double>());
    }
    lines.push_back(line);
  }
  return "\nThe whole of memscale-fit --no-figures: reading, cells, all laws with 1000 resamples of the seeds, tables, "
         "CSV,\nJSON, HDF5, report. pandas: h5py reads six columns, groupby means and np.polyfit of each series; "
         "without intervals,\nother laws and traces.\n" +
         difference_text(difference) + "\n" +
         table("Stores of " + measured.at("records").dump() + " trials, about",
               {{"store", "cells", "cells", Form::whole},
                {"store", "steps", "steps", Form::whole},
                {"store", "GiB", "bytes", Form::permille},
                {"memscale-fit", "seconds", "seconds", Form::seconds},
                {"memscale-fit", "CPU", "cpu", Form::seconds},
                {"memscale-fit", "GiB", "peak", Form::permille},
                {"pandas", "seconds", "pandas", Form::seconds},
                {"pandas", "GiB", "pandas_peak", Form::permille}},
               lines) +
         "\n" + target_lines("Fit", fit_rows(measured)) +
         load_note(measured.at("load"), measured.at("cores").get<int>());
}

}  // namespace memscale::bench
