#include "memscale/analysis/report.hpp"

#include "analysis/planted.hpp"
#include "catch.hpp"
#include "memscale/analysis/verdict.hpp"

using namespace memscale;

namespace {

const std::string picture = "<?xml version=\"1.0\"?>\n<svg width=\"1\"><path id='gpPt0'/><use href='#gpPt0'/></svg>";

ReportPicture pictured(const std::string& name, const std::string& section, const std::string& svg = picture) {
  return {{section, "Title of " + name, "Caption of " + name + ".", {name, "", ""}}, svg};
}

Analysis analysed() {
  std::vector<Record> records = planted({.noise = 0.1});
  records.front().cost.host = "node<7>";
  return analyse(records, {{{"a.h5", "0.1.0", "[grid]\n", "memscale run a.cfg"},
                            {"b.h5", "0.1.0", "# another & job", "memscale run b.cfg"}}});
}

bool holds(const std::string& page, const std::string& part) {
  return page.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a report's contents lead to its sections, which are there if they have something") {
  const std::string page = report_html(analysed(), {pictured("capacity", "Capacity"), pictured("loss", "Loss")});
  for (const char* id : {"fitted-laws", "capacity", "loss", "notes", "cost", "provenance"}) {
    CAPTURE(id);
    CHECK(holds(page, std::string("<a href=\"#") + id + "\">") ==
          holds(page, std::string("<section id=\"") + id + "\""));
  }
  CHECK(holds(page, "<section id=\"loss\""));
  CHECK_FALSE(holds(page, "<section id=\"batch-size\""));
  CHECK(page.find("<section id=\"fitted-laws\"") < page.find("<section id=\"capacity\""));
}

TEST_CASE("figures stand in their sections, with title, caption and the names of their files") {
  const std::string page = report_html(analysed(), {pictured("loss", "Loss"), pictured("capacity", "Capacity")});
  const auto capacity = page.find("<figure id=\"figure-capacity\""), loss = page.find("<figure id=\"figure-loss\"");
  CHECK(capacity < loss);
  CHECK(loss != std::string::npos);
  CHECK(holds(page, "<strong>Title of loss.</strong> Caption of loss. <span class=\"files\">(loss.svg, loss.pdf)"));
  CHECK(holds(page, "aria-label=\"Title of loss\""));
  CHECK(holds(page, "id='loss-gpPt0'"));  // ids of several pictures differ
  CHECK(holds(page, "id='capacity-gpPt0'"));
}

TEST_CASE("figures that could not be drawn are told, once") {
  const std::string page =
      report_html(analysed(), {pictured("capacity", "Capacity", ""), pictured("loss", "Loss", "")});
  CHECK_FALSE(holds(page, "<figure"));
  const auto told = page.find("figures are missing");
  CHECK(told != std::string::npos);
  CHECK(page.find("figures are missing", told + 1) == std::string::npos);
  CHECK_FALSE(holds(report_html(analysed(), {}), "figures are missing"));
}

TEST_CASE("a report tells the verdict rule and where its numbers come from") {
  const std::string page = report_html(analysed(), {});
  CHECK(holds(page, std::string(verdict_rule)));
  for (const char* part : {"<dt>Store</dt><dd>a.h5</dd>", "<dt>Store</dt><dd>b.h5</dd>", "memscale run a.cfg",
                           "<pre># another &amp; job</pre>", "<dt>Seeds</dt><dd>1-4</dd>", "node1, node&lt;7&gt;",
                           "<dt>BLAS kernels</dt><dd>SkylakeX</dd>", "<dt>Core-hours</dt>"}) {
    CAPTURE(part);
    CHECK(holds(page, part));
  }
}
