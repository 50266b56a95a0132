#include "memscale/analysis/report.hpp"

#include <algorithm>
#include <cctype>
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

/// A table that opens by a click; of very long ones the beginning, as `file` has all of it.
std::string folded_table(const std::string& title, Table table, const std::string& file) {
  constexpr std::size_t most = 2000;
  const std::size_t rows = table.rows.size();
  if (rows <= most) return folded(title, html_table(table));
  table.rows.resize(most);
  const std::string first = " (the first " + to_text(std::uint64_t{most}) + " of " + to_text(std::uint64_t{rows});
  return folded(title + first + ", all in " + file + ")", html_table(table));
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

/// What is put together.
struct Parts {
  const Analysis& analysis;
  const std::vector<ReportPicture>& pictures;
};

std::string pictures_of(const std::string& section, const Parts& parts) {
  std::string text;
  for (const ReportPicture& picture : parts.pictures)
    if (picture.figure.section == section) text += picture_html(picture);
  return text;
}

/// A table below its heading; a long one is folded.
std::string law_html(const std::string& title, const Table& table) {
  constexpr std::size_t many = 24;
  if (table.rows.empty()) return {};
  if (table.rows.size() <= many) return heading(title) + html_table(table);
  return heading(title) + folded_table(to_text(std::uint64_t{table.rows.size()}) + " rows", table, "fits.csv");
}

std::string capacity_laws_html(const Analysis& analysis) {
  const Table exponents = exponent_table(analysis.laws.scaling), coefficients = law_table(analysis.laws.scaling);
  const std::string body = coefficients.rows.empty()
                               ? paragraph("No law C = c1 + c2 / alpha could be fitted: see the notes.")
                               : law_html("C = c1 + c2 / alpha", coefficients);
  return body + (exponents.rows.empty() ? paragraph("No exponent could be fitted: see the notes.")
                                        : law_html("Mean capacity ~ d^C", exponents));
}

std::string laws_html(const Analysis& analysis) {
  constexpr const char* meaning =
      "Capacity is the number of recovered items; C is the slope of log(mean capacity over seeds) against log d, by "
      "ordinary least squares. Intervals (95 %) come from resamples of the seeds, drawn for each d apart and for all "
      "alphas and methods together, with Student's t for few seeds: they tell the spread over seeds alone, not whether "
      "a law holds. fit +-: half the fit's own 95 % interval, from its residuals. z: (value - theory) / standard error "
      "over seeds. rms: of the fit's residuals. Theory (arXiv 2603.26554) is asymptotic, up to logarithms.";
  const bool capacities = !analysis.data.families.empty();
  std::string body = (capacities ? paragraph(meaning) : "") + paragraph("Verdicts. " + std::string(verdict_rule));
  if (!analysis.data.orthogonal.empty()) body += paragraph(std::string(orthogonal_rule));
  if (capacities) body += capacity_laws_html(analysis);
  for (const LawTable& law : other_law_tables(analysis.rows)) body += law_html(law.law, law.table);
  return body;
}

std::string capacity_html(const Parts& parts) {
  if (parts.analysis.data.families.empty()) return {};
  const Table finite_size = finite_size_table(parts.analysis.laws.scaling);
  std::string body = pictures_of("Capacity", parts);
  if (!finite_size.rows.empty()) body += folded_table("Local slopes and corrections", finite_size, "local_slopes.csv");
  return body + folded_table("All mean capacities", cell_table(parts.analysis.data), "cells.csv");
}

std::string steps_html(const Parts& parts) {
  std::string body = pictures_of("Several steps", parts);
  constexpr std::size_t most = 200;
  const std::vector<StepTable> tables = step_tables(parts.analysis.data);
  for (std::size_t i = 0; i < std::min(tables.size(), most); ++i)
    body += folded(tables[i].series, html_table(tables[i].table));
  if (tables.size() > most)
    body += paragraph("The first " + to_text(std::uint64_t{most}) + " series of several steps.");
  return body;
}

std::string notes_html(const Parts& parts) {
  std::string items;
  const auto missing = [](const ReportPicture& picture) { return picture.svg.empty(); };
  if (std::any_of(parts.pictures.begin(), parts.pictures.end(), missing))
    items += "<li>figures are missing, as gnuplot could not draw them</li>\n";
  for (const std::string& note : parts.analysis.notes()) items += "<li>" + html_escaped(note) + "</li>\n";
  return items.empty() ? items : "<ul>\n" + items + "</ul>\n";
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

std::string provenance_html(const Analysis& analysis) {
  std::string body = "<dl>\n", jobs;
  const auto entry = [&](const char* name, const std::string& value) {
    body += "<dt>" + html_escaped(name) + "</dt><dd>" + html_escaped(value) + "</dd>\n";
  };
  for (const StoreSource& store : analysis.source.stores) {
    entry("Store", store.path);
    entry("Written by", "memscale " + store.version);
    entry("Command line", store.command_line);
    jobs += heading("Job of " + store.path) + "<pre>" + html_escaped(store.job_text) + "</pre>\n";
  }
  entry("Fitted by", std::string("memscale-fit ") + MEMSCALE_VERSION);
  entry("Seeds", analysis.seeds_text());
  entry("Hosts", joined(analysis.cost.hosts));
  entry("BLAS kernels", joined(analysis.cost.blas_kernels));
  entry("Softmax kernels", joined(analysis.cost.softmax_kernels));
  entry("Core-hours", fixed_text(analysis.cost.core_hours, 3));
  return body + "</dl>\n" + jobs;
}

}  // namespace

std::string report_html(const Analysis& analysis, const std::vector<ReportPicture>& pictures) {
  const Parts parts{analysis, pictures};
  const std::string title = html_escaped(
      (analysis.data.families.empty() ? "Orthogonal memories: " : "Capacity scaling: ") + analysis.source.paths());
  Sections sections;
  sections.add("Fitted laws", laws_html(analysis));
  sections.add("Capacity", capacity_html(parts));
  sections.add("Batch size", pictures_of("Batch size", parts));
  sections.add("Several steps", steps_html(parts));
  for (const char* name : {"Loss", "Recall", "Spectra", "Orthogonal memories"})
    sections.add(name, pictures_of(name, parts));
  sections.add("Notes", notes_html(parts));
  sections.add("Cost", html_table(cost_table(analysis.cost)) + pictures_of("Cost", parts));
  sections.add("Provenance", provenance_html(analysis));

  std::string page = "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n";
  page += "<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n";
  page += "<title>" + title + "</title>\n<style>" + report_style + "</style>\n</head>\n<body>\n<header>\n";
  page += "<h1>" + title + "</h1>\n" + paragraph(summary_text(analysis.data) + ".") + sections.contents();
  return page + "</header>\n<main>\n" + sections.body() + "</main>\n</body>\n</html>\n";
}

}  // namespace memscale
