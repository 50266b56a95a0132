#include "memscale/analysis/write_fit.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <ostream>

#include "memscale/analysis/fit_files.hpp"
#include "memscale/analysis/report.hpp"
#include "memscale/analysis/report_figure.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

namespace fs = std::filesystem;

constexpr std::array formats{".svg", ".pdf", ".gp", ".dat"};

/// fit.json comes first, and marks a folder as one whose files a fit may replace.
std::vector<std::string> names() {
  std::vector<std::string> all{"fit.json", "cells.csv", "exponents.csv", "laws.csv", "report.html"};
  for (const char* figure : figure_names)
    for (const char* format : formats) all.push_back(std::string(figure) + format);
  return all;
}

bool is_fit(const fs::path& file) {
  constexpr std::size_t enough = 100;
  std::array<char, enough> begin{};
  std::ifstream in(file, std::ios::binary);
  in.read(begin.data(), begin.size());
  return std::string_view(begin.data(), static_cast<std::size_t>(in.gcount())).find("\"program\": \"memscale-fit ") !=
         std::string_view::npos;
}

/// Throws InputError where this fit would replace what no fit has made.
void require_own(const fs::path& folder) {
  std::error_code error;
  const std::vector<std::string> all = names();
  const fs::path mark = folder / all.front();
  if (fs::is_regular_file(fs::symlink_status(mark, error)) && is_fit(mark)) return;
  for (const std::string& name : all)
    if (fs::exists(fs::symlink_status(folder / name, error)))
      throw invalid("output", (folder / name).string(), "is there, and not from memscale-fit: give another -o");
}

/// Draws the figures; those of an earlier fit that this one does not have are removed. The first problem goes to
/// `problem`.
std::vector<ReportPicture> draw_all(const std::vector<ReportFigure>& figures, const OutputFolder& folder,
                                    const std::string& gnuplot, std::string& problem) {
  std::vector<ReportPicture> pictures;
  for (const ReportFigure& figure : figures) {
    const Drawing drawing = draw(figure.figure, folder, gnuplot);
    if (!drawing.drawn && problem.empty()) problem = drawing.problem;
    pictures.push_back({figure, drawing.drawn ? folder.read(figure.figure.name + ".svg") : std::string()});
  }
  for (const char* name : figure_names) {
    const auto has_name = [&](const ReportFigure& figure) { return figure.figure.name == name; };
    if (std::any_of(figures.begin(), figures.end(), has_name)) continue;
    for (const char* format : formats) folder.remove(std::string(name) + format);
  }
  return pictures;
}

}  // namespace

void write_fit(const std::vector<Record>& records, const FitSource& source, const std::filesystem::path& folder,
               std::ostream& out, std::ostream& warnings, const std::string& gnuplot) {
  const Aggregate data = aggregate(records);
  if (data.families.empty())
    throw invalid("store", source.store,
                  "no finished trials" + (data.failed > 0 ? ", " + to_text(data.failed) + " failed" : ""));
  require_own(folder);
  const OutputFolder files(folder);
  const Laws laws = fit_laws(data);
  const ScalingFit& fit = laws.scaling;
  Timeline timeline;
  for (const Record& record : records) timeline.add(record);
  const CostSummary cost = summarise_cost(records);
  out << terminal_text(data, fit) << std::flush;

  files.write("fit.json", fit_json(data, fit, cost, source));
  files.write("cells.csv", cells_csv(data));
  files.write("exponents.csv", exponents_csv(fit));
  files.write("laws.csv", laws_csv(fit));
  std::string problem;
  const auto pictures = draw_all(make_figures(data, laws, timeline), files, gnuplot, problem);
  files.write("report.html", report_html({data, laws, cost, source, pictures}));
  if (!problem.empty()) warnings << "memscale-fit: " << problem << "\n";
  out << "\nwritten to " << files.path().string() << "\n";
}

}  // namespace memscale
