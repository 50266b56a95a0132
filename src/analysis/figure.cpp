#include "memscale/analysis/figure.hpp"

#include <filesystem>

#include "memscale/analysis/gnuplot.hpp"

namespace memscale {

namespace {

/// One picture, made under a temporary name. Empty, or why there is none.
std::string draw_as(const std::string& format, const Figure& figure, const OutputFolder& folder,
                    const std::string& gnuplot) {
  const std::string name = figure.name + "." + format;
  const std::string settings =
      "format=" + gnuplot_quoted(format) + "; result=" + gnuplot_quoted(folder.temporary(name));
  const ProcessEnd end =
      run_program({gnuplot, "--default-settings", "-e", settings, figure.name + ".gp"}, folder.path());
  std::error_code error;
  const bool made = std::filesystem::file_size(folder.path() / folder.temporary(name), error) > 0 && !error;
  if (end.found && end.status == 0 && made) {
    folder.publish(name);
    return {};
  }
  folder.discard(name);
  folder.remove(name);
  if (!end.found) return gnuplot + " cannot be run, so there are no figures";
  return gnuplot + " failed on " + name + (end.message.empty() ? "" : ": " + end.message);
}

}  // namespace

Drawing draw(const Figure& figure, const OutputFolder& folder, const std::string& gnuplot) {
  folder.write(figure.name + ".dat", figure.data);
  folder.write(figure.name + ".gp", figure.script);
  Drawing drawing;
  for (const char* format : {"svg", "pdf"}) {
    const std::string problem = draw_as(format, figure, folder, gnuplot);
    if (!problem.empty() && drawing.drawn) drawing = {false, problem};
  }
  return drawing;
}

}  // namespace memscale
