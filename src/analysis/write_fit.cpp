#include "memscale/analysis/write_fit.hpp"

#include <array>
#include <fstream>
#include <ostream>

#include "memscale/analysis/figures.hpp"
#include "memscale/analysis/fit_files.hpp"
#include "memscale/analysis/fit_tables.hpp"
#include "memscale/analysis/output_folder.hpp"
#include "memscale/analysis/report.hpp"
#include "memscale/analysis/terminal_text.hpp"
#include "memscale/core/error.hpp"

namespace memscale {

namespace {

namespace fs = std::filesystem;

/// fit.json comes first, and marks a folder as one whose files a fit may replace.
constexpr std::array names{"fit.json",      "fits.csv",      "cells.csv",    "local_slopes.csv", "fits.h5",
                           "report.html",   "capacity.svg",  "capacity.pdf", "capacity.gp",      "capacity.dat",
                           "exponents.svg", "exponents.pdf", "exponents.gp", "exponents.dat"};

bool is_fit(const fs::path& file) {
  constexpr std::size_t enough = 100;
  std::array<char, enough> begin{};
  std::ifstream in(file, std::ios::binary);
  in.read(begin.data(), begin.size());
  return std::string_view(begin.data(), static_cast<std::size_t>(in.gcount())).find("\"program\": \"memscale-fit ") !=
         std::string_view::npos;
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

template <class F>
std::optional<Figure> drawn(const FitOutput& output, F&& figure) {
  return output.draws ? figure() : std::nullopt;
}

void write_columns(const Analysis& analysis, const FitTables& tables, const FitOutput& output,
                   const OutputFolder& files) {
  if (!output.write_columns) return files.remove("fits.h5");
  output.write_columns(files.path() / files.temporary("fits.h5"), all_data(analysis, tables));
  files.publish("fits.h5");
}

}  // namespace

void require_fit_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_directory(folder, error))
    throw invalid("output", folder.string(), "exists and is not a folder");
  const fs::path mark = folder / names.front();
  if (fs::is_regular_file(fs::symlink_status(mark, error)) && is_fit(mark)) return;
  for (const char* name : names)
    if (fs::exists(fs::symlink_status(folder / name, error)))
      throw invalid("output", (folder / name).string(), "is there, and not from memscale-fit: give another -o");
}

void write_fit(const Analysis& analysis, const FitOutput& output, std::ostream& out, std::ostream& warnings) {
  require_fit_folder(output.folder);
  const OutputFolder files(output.folder);
  const Aggregate& data = analysis.data;
  ScalingFit fit = analysis.laws.scaling;
  if (output.draws && data.families.size() > most_families_drawn)
    fit.notes.push_back("figures show the first " + std::to_string(most_families_drawn) + " of " +
                        std::to_string(data.families.size()) + " methods");
  out << terminal_text(analysis) << std::flush;

  const FitTables tables(analysis);
  files.write("fit.json", fit_json(analysis, tables));
  files.write("fits.csv", csv_text(tables.fits));
  files.write("cells.csv", csv_text(tables.cells));
  files.write("local_slopes.csv", csv_text(tables.local_slopes));
  write_columns(analysis, tables, output, files);
  std::string problem;
  ReportFigures figures;
  figures.capacity =
      svg_of("capacity", drawn(output, [&] { return capacity_figure(data, fit); }), files, output.gnuplot, problem);
  figures.exponents =
      svg_of("exponents", drawn(output, [&] { return exponents_figure(fit); }), files, output.gnuplot, problem);
  files.write("report.html", report_html(data, fit, analysis.cost, analysis.source, figures));
  if (!problem.empty()) warnings << "memscale-fit: " << problem << "\n";
  out << "\nwritten to " << files.path().string() << "\n";
}

}  // namespace memscale
