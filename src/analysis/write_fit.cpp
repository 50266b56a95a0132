#include "memscale/analysis/write_fit.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <ostream>

#include "memscale/analysis/fit_files.hpp"
#include "memscale/analysis/fit_tables.hpp"
#include "memscale/analysis/output_folder.hpp"
#include "memscale/analysis/report.hpp"
#include "memscale/analysis/report_figure.hpp"
#include "memscale/analysis/terminal_text.hpp"
#include "memscale/core/error.hpp"

namespace memscale {

namespace {

namespace fs = std::filesystem;

constexpr std::array formats{".svg", ".pdf", ".gp", ".dat"};

/// fit.json comes first, and marks a folder as one whose files a fit may replace.
std::vector<std::string> names() {
  std::vector<std::string> all{"fit.json", "fits.csv", "cells.csv", "local_slopes.csv", "fits.h5", "report.html"};
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
  const std::vector<std::string> all = names();
  const fs::path mark = folder / all.front();
  if (fs::is_regular_file(fs::symlink_status(mark, error)) && is_fit(mark)) return;
  for (const std::string& name : all)
    if (fs::exists(fs::symlink_status(folder / name, error)))
      throw invalid("output", (folder / name).string(), "is there, and not from memscale-fit: give another -o");
}

void write_fit(const Analysis& analysis, const FitOutput& output, std::ostream& out, std::ostream& warnings) {
  require_fit_folder(output.folder);
  const OutputFolder files(output.folder);
  const FitTables tables(analysis);
  files.write("fit.json", fit_json(analysis, tables));
  files.write("fits.csv", csv_text(tables.fits));
  files.write("cells.csv", csv_text(tables.cells));
  files.write("local_slopes.csv", csv_text(tables.local_slopes));
  write_columns(analysis, tables, output, files);
  std::string problem;
  const auto figures = output.draws ? make_figures(analysis) : std::vector<ReportFigure>{};
  files.write("report.html", report_html(analysis, draw_all(figures, files, output.gnuplot, problem)));
  out << terminal_text(analysis);  // last: who reads it may stop early, and that ends the process
  if (!problem.empty()) warnings << "memscale-fit: " << problem << "\n";
  out << "\nwritten to " << files.path().string() << "\n";
}

}  // namespace memscale
