#include "memscale/analysis/report.hpp"

#include <algorithm>
#include <set>

#include "memscale/analysis/html.hpp"
#include "memscale/analysis/table.hpp"
#include "memscale/core/text.hpp"
#include "report_style.hpp"

namespace memscale {

namespace {

/// A section's anchor: "Batch size" -> "batch-size".
std::string anchor(std::string title) {
  for (char& c : title) c = c == ' ' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return title;
}

/// The page's body, section by section, and their titles. A section without content is left out.
class Sections {
 public:
  void add(const std::string& title, const std::string& body) {
    if (body.empty()) return;
    const std::string id = anchor(title);
    contents_ += "<li><a href=\"#" + id + "\">" + html_escaped(title) + "</a></li>\n";
    body_ += "<section id=\"" + id + "\" aria-labelledby=\"" + id + "-title\">\n<h2 id=\"" + id + "-title\">" +
             html_escaped(title) + "</h2>\n" + body + "</section>\n";
  }
  std::string contents() const { return "<nav aria-label=\"Contents\">\n<ul>\n" + contents_ + "</ul>\n</nav>\n"; }
  const std::string& body() const { return body_; }

 private:
  std::string contents_, body_;
};

std::string paragraph(const std::string& text) {
  return "<p>" + html_escaped(text) + "</p>\n";
}

std::string heading(const std::string& text) {
  return "<h3>" + html_escaped(text) + "</h3>\n";
}

std::string folded(const std::string& summary, const std::string& body) {
  return "<details>\n<summary>" + html_escaped(summary) + "</summary>\n" + body + "</details>\n";
}

std::string picture_html(const ReportPicture& picture) {
  const std::string& name = picture.figure.figure.name;
  const std::string svg = inline_svg(picture.svg, name + "-", picture.figure.title);
  if (svg.empty()) return {};
  return "<figure id=\"figure-" + name + "\">\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"" +
         html_escaped("Figure: " + picture.figure.title) + "\">\n" + svg + "</div>\n<figcaption><strong>" +
         html_escaped(picture.figure.title) + ".</strong> " + html_escaped(picture.figure.caption) +
         " <span class=\"files\">(" + name + ".svg, " + name + ".pdf)</span></figcaption>\n</figure>\n";
}

std::string pictures_of(const std::string& section, const Report& report) {
  std::string text;
  for (const ReportPicture& picture : report.pictures)
    if (picture.figure.section == section) text += picture_html(picture);
  return text;
}

std::string laws_html(const Laws& laws) {
  constexpr const char* meaning =
      "Capacity is the number of recovered items; C is the slope of log(mean capacity over seeds) against log d, by "
      "ordinary least squares. Intervals (95 %) and standard errors come from resamples of the seeds, drawn for each d "
      "apart and for all alphas and methods together, with Student's t for few seeds: they tell the spread over seeds "
      "alone, not whether a power law holds. Theory (arXiv 2603.26554) is asymptotic, up to logarithms.";
  std::string body = paragraph(meaning);
  const Table exponents = exponent_table(laws.scaling), coefficients = law_table(laws.scaling);
  body += heading("Laws: C = c1 + c2 / alpha");
  body += coefficients.rows.empty() ? paragraph("No law could be fitted: see the notes.") : html_table(coefficients);
  body += heading("Exponents: mean capacity ~ d^C");
  body += exponents.rows.empty() ? paragraph("No exponent could be fitted: see the notes.") : html_table(exponents);
  return body + paragraph("Verdicts. " + std::string(verdict_rule));
}

std::string capacity_html(const Report& report) {
  return pictures_of("Capacity", report) + folded("All mean capacities", html_table(cell_table(report.data)));
}

std::string steps_html(const Report& report) {
  std::string body = pictures_of("Several steps", report);
  for (const StepTable& steps : step_tables(report.data)) body += folded(steps.series, html_table(steps.table));
  return body;
}

std::string notes_html(const Report& report) {
  std::string items;
  const auto missing = [](const ReportPicture& picture) { return picture.svg.empty(); };
  if (std::any_of(report.pictures.begin(), report.pictures.end(), missing))
    items += "<li>figures are missing, as gnuplot could not draw them</li>\n";
  for (const auto& notes : {report.data.notes, report.laws.notes()})
    for (const std::string& note : notes) items += "<li>" + html_escaped(note) + "</li>\n";
  return items.empty() ? items : "<ul>\n" + items + "</ul>\n";
}

/// "1-8, 11": runs of neighbours.
std::string seeds_text(const Aggregate& data) {
  std::set<std::int64_t> seeds;
  for (const Family& family : data.families)
    for (const Series& series : family.series)
      for (const Cell& cell : series.cells) seeds.insert(cell.seeds.begin(), cell.seeds.end());
  std::string text;
  for (auto at = seeds.begin(); at != seeds.end();) {
    const std::int64_t first = *at;
    std::int64_t last = first;
    while (++at != seeds.end() && *at == last + 1) last = *at;
    text += (text.empty() ? "" : ", ") + to_text(first) + (last > first ? "-" + to_text(last) : "");
  }
  return text;
}

std::string joined(const std::set<std::string>& values) {
  constexpr std::size_t most = 64;
  std::string text;
  std::size_t count = 0;
  for (const std::string& value : values) {
    if (++count > most) break;
    text.append(text.empty() ? "" : ", ").append(value);
  }
  if (values.size() > most) text += " and " + to_text(std::uint64_t{values.size() - most}) + " more";
  return text.empty() ? "unknown" : text;
}

std::string provenance_html(const Report& report) {
  const FitSource& source = report.source;
  std::string body = "<dl>\n";
  const auto entry = [&](const char* name, const std::string& value) {
    body += "<dt>" + html_escaped(name) + "</dt><dd>" + html_escaped(value) + "</dd>\n";
  };
  entry("Store", source.store);
  entry("Written by", "memscale " + source.version);
  entry("Command line", source.command_line);
  entry("Fitted by", std::string("memscale-fit ") + MEMSCALE_VERSION);
  entry("Seeds", seeds_text(report.data));
  entry("Hosts", joined(report.cost.hosts));
  entry("BLAS kernels", joined(report.cost.blas_kernels));
  entry("Core-hours", fixed_text(report.cost.core_hours, 3));
  return body + "</dl>\n<h3>Job</h3>\n<pre>" + html_escaped(source.job_text) + "</pre>\n";
}

}  // namespace

std::string report_html(const Report& report) {
  const std::string title = html_escaped("Capacity scaling: " + report.source.store);
  Sections sections;
  sections.add("Fitted laws", laws_html(report.laws));
  sections.add("Capacity", capacity_html(report));
  sections.add("Batch size", pictures_of("Batch size", report));
  sections.add("Several steps", steps_html(report));
  sections.add("Loss", pictures_of("Loss", report));
  sections.add("Recall", pictures_of("Recall", report));
  sections.add("Spectra", pictures_of("Spectra", report));
  sections.add("Notes", notes_html(report));
  sections.add("Cost", html_table(cost_table(report.cost)) + pictures_of("Cost", report));
  sections.add("Provenance", provenance_html(report));

  std::string page = "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n";
  page += "<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n";
  page += "<title>" + title + "</title>\n<style>" + report_style + "</style>\n</head>\n<body>\n<header>\n";
  page += "<h1>" + title + "</h1>\n" + paragraph(summary_text(report.data) + ".") + sections.contents();
  return page + "</header>\n<main>\n" + sections.body() + "</main>\n</body>\n</html>\n";
}

}  // namespace memscale
