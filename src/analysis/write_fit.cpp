#include "memscale/analysis/write_fit.hpp"

#include <ostream>

#include "memscale/analysis/figures.hpp"
#include "memscale/analysis/fit_files.hpp"
#include "memscale/analysis/report.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

/// Draws a figure and returns its SVG; removes an earlier fit's where this one has none.
std::string svg_of(const std::string& name, const std::optional<Figure>& figure, const OutputFolder& folder,
                   const std::string& gnuplot, std::string& problem) {
  if (!figure) {
    for (const char* format : {".svg", ".pdf", ".gp", ".dat"}) folder.remove(name + format);
    return {};
  }
  const Drawing drawing = draw(*figure, folder, gnuplot);
  if (!drawing.drawn) {
    if (problem.empty()) problem = drawing.problem;
    return {};
  }
  return folder.read(name + ".svg");
}

}  // namespace

void write_fit(const std::vector<Record>& records, const FitSource& source, const std::filesystem::path& folder,
               std::ostream& out, std::ostream& warnings, const std::string& gnuplot) {
  const Aggregate data = aggregate(records);
  if (data.families.empty())
    throw invalid("store", source.store,
                  "no finished trials" + (data.failed > 0 ? ", " + to_text(data.failed) + " failed" : ""));
  const OutputFolder files(folder);
  ScalingFit fit = fit_scaling(data);
  if (data.families.size() > most_families_drawn)
    fit.notes.push_back("figures show the first " + std::to_string(most_families_drawn) + " of " +
                        std::to_string(data.families.size()) + " methods");
  const CostSummary cost = summarise_cost(records);
  out << terminal_text(data, fit) << std::flush;

  files.write("cells.csv", cells_csv(data));
  files.write("exponents.csv", exponents_csv(fit));
  files.write("laws.csv", laws_csv(fit));
  files.write("fit.json", fit_json(data, fit, cost, source));
  std::string problem;
  ReportFigures figures;
  figures.capacity = svg_of("capacity", capacity_figure(data, fit), files, gnuplot, problem);
  figures.exponents = svg_of("exponents", exponents_figure(fit), files, gnuplot, problem);
  files.write("report.html", report_html(data, fit, cost, source, figures));
  if (!problem.empty()) warnings << "memscale-fit: " << problem << "\n";
  out << "\nwritten to " << files.path().string() << "\n";
}

}  // namespace memscale
