#include "memscale/analysis/report.hpp"

#include "memscale/analysis/html.hpp"
#include "memscale/analysis/table.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

namespace {

constexpr const char* style = R"(
body { font: 16px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; color: #1a1a1a; background: #fff;
  max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 .3rem; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; }
p, ul { margin: .4rem 0; max-width: 46rem; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
th, td { padding: .22rem .8rem; border-bottom: 1px solid #ddd; text-align: left; white-space: nowrap; }
th { border-bottom: 2px solid #888; } .number { text-align: right; }
.wide { overflow-x: auto; } figure { margin: 1rem 0; } figure svg { max-width: 100%; height: auto; }
figcaption { font-size: .92rem; color: #444; max-width: 46rem; }
pre { background: #f5f5f5; padding: .8rem; overflow-x: auto; font-size: .85rem; }
dt { font-weight: 600; } dd { margin: 0 0 .5rem; overflow-wrap: anywhere; }
@media print { body { margin: 0; font-size: 11pt; max-width: none; } figure, tr { break-inside: avoid; }
  pre { white-space: pre-wrap; } }
)";

std::string section(const std::string& title, const std::string& body) {
  return "<section>\n<h2>" + html_escaped(title) + "</h2>\n" + body + "</section>\n";
}

std::string paragraph(const std::string& text) {
  return "<p>" + html_escaped(text) + "</p>\n";
}

std::string figure(const std::string& document, const std::string& name, const std::string& caption) {
  const std::string svg = inline_svg(document, name + "-", caption);
  if (svg.empty()) return {};
  return "<figure>\n" + svg + "<figcaption>" + html_escaped(caption) + "</figcaption>\n</figure>\n";
}

std::string exponents_section(const ScalingFit& fit, const ReportFigures& figures) {
  constexpr const char* meaning =
      "Capacity is the number of recovered items. C is the slope of log(mean capacity over seeds) against log d, by "
      "ordinary least squares. Intervals (95 %) and standard errors come from 1000 resamples of the seeds, drawn for "
      "each "
      "d apart and for all alphas and methods together, with Student's t for few seeds. They tell the spread over "
      "seeds "
      "alone, not whether a power law holds. Theory is asymptotic, up to logarithms.";
  constexpr const char* caption =
      "Capacity exponent against 1/alpha. Bars: 95 % intervals. Lines: fitted laws c1 + c2/alpha; dashed and dotted: "
      "theory.";
  std::string body = paragraph(meaning) + figure(figures.exponents, "exponents", caption);
  const Table table = exponent_table(fit);
  return section(
      "Exponents: mean capacity ~ d^C",
      body + (table.rows.empty() ? paragraph("No exponent could be fitted: see the notes.") : html_table(table)));
}

std::string laws_section(const ScalingFit& fit) {
  const Table table = law_table(fit);
  return section("Laws: C = c1 + c2 / alpha",
                 table.rows.empty() ? paragraph("No law could be fitted: see the notes.") : html_table(table));
}

std::string capacity_section(const Aggregate& data, const ReportFigures& figures) {
  constexpr const char* caption =
      "Mean capacity against dimension d. Bars: one standard error over seeds. Lines: fits; dotted: the slope of "
      "theory "
      "through each series' centroid.";
  return section("Capacities", figure(figures.capacity, "capacity", caption) +
                                   "<details>\n<summary>All cells</summary>\n" + html_table(cell_table(data)) +
                                   "</details>\n");
}

std::string steps_section(const Aggregate& data) {
  std::string body;
  for (const StepTable& steps : step_tables(data))
    body +=
        "<details>\n<summary>" + html_escaped(steps.series) + "</summary>\n" + html_table(steps.table) + "</details>\n";
  return body.empty() ? body : section("Mean capacity after each step", body);
}

std::string notes_section(const Aggregate& data, const ScalingFit& fit) {
  std::string items;
  for (const auto* notes : {&data.notes, &fit.notes})
    for (const std::string& note : *notes) items += "<li>" + html_escaped(note) + "</li>\n";
  return items.empty() ? items : section("Notes", "<ul>\n" + items + "</ul>\n");
}

std::string provenance_section(const FitSource& source) {
  std::string body = "<dl>\n";
  const auto entry = [&](const char* name, const std::string& value) {
    body += "<dt>" + html_escaped(name) + "</dt><dd>" + html_escaped(value) + "</dd>\n";
  };
  entry("Fitted by", std::string("memscale-fit ") + MEMSCALE_VERSION);
  std::string jobs;
  for (const StoreSource& store : source.stores) {
    entry("Store", store.path);
    entry("Written by", "memscale " + store.version);
    entry("Command line", store.command_line);
    jobs += "<h3>Job of " + html_escaped(store.path) + "</h3>\n<pre>" + html_escaped(store.job_text) + "</pre>\n";
  }
  return section("Provenance", body + "</dl>\n" + jobs);
}

}  // namespace

std::string report_html(const Aggregate& data, const ScalingFit& fit, const CostSummary& cost, const FitSource& source,
                        const ReportFigures& figures) {
  const std::string title = html_escaped("Capacity scaling: " + source.paths());
  std::string page = "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n";
  page += "<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n";
  page += "<title>" + title + "</title>\n<style>" + style + "</style>\n</head>\n<body>\n<main>\n";
  page += "<h1>" + title + "</h1>\n" + paragraph(summary_text(data) + ".");
  page += laws_section(fit) + exponents_section(fit, figures) + capacity_section(data, figures);
  page += steps_section(data);
  page += notes_section(data, fit) + section("Cost", html_table(cost_table(cost))) + provenance_section(source);
  return page + "</main>\n</body>\n</html>\n";
}

}  // namespace memscale
