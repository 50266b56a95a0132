#include "memscale/analysis/write_fit.hpp"

#include <array>
#include <fstream>
#include <ostream>

#include "memscale/analysis/figures.hpp"
#include "memscale/analysis/fit_files.hpp"
#include "memscale/analysis/report.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

namespace fs = std::filesystem;

/// fit.json comes first, and marks a folder as one whose files a fit may replace.
constexpr std::array names{"fit.json",      "cells.csv",    "exponents.csv", "laws.csv",     "report.html",
                           "capacity.svg",  "capacity.pdf", "capacity.gp",   "capacity.dat", "exponents.svg",
                           "exponents.pdf", "exponents.gp", "exponents.dat"};

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
  const fs::path mark = folder / names.front();
  if (fs::is_regular_file(fs::symlink_status(mark, error)) && is_fit(mark)) return;
  for (const char* name : names)
    if (fs::exists(fs::symlink_status(folder / name, error)))
      throw invalid("output", (folder / name).string(), "is there, and not from memscale-fit: give another -o");
}

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
  require_own(folder);
  const OutputFolder files(folder);
  ScalingFit fit = fit_scaling(data);
  if (data.families.size() > most_families_drawn)
    fit.notes.push_back("figures show the first " + std::to_string(most_families_drawn) + " of " +
                        std::to_string(data.families.size()) + " methods");
  const CostSummary cost = summarise_cost(records);
  out << terminal_text(data, fit) << std::flush;

  files.write("fit.json", fit_json(data, fit, cost, source));
  files.write("cells.csv", cells_csv(data));
  files.write("exponents.csv", exponents_csv(fit));
  files.write("laws.csv", laws_csv(fit));
  std::string problem;
  ReportFigures figures;
  figures.capacity = svg_of("capacity", capacity_figure(data, fit), files, gnuplot, problem);
  figures.exponents = svg_of("exponents", exponents_figure(fit), files, gnuplot, problem);
  files.write("report.html", report_html(data, fit, cost, source, figures));
  if (!problem.empty()) warnings << "memscale-fit: " << problem << "\n";
  out << "\nwritten to " << files.path().string() << "\n";
}

}  // namespace memscale
