#include "memscale/analysis/html.hpp"

#include "catch.hpp"

using namespace memscale;

TEST_CASE("what HTML would read as markup is escaped") {
  CHECK(html_escaped("<script>alert('x') & \"y\"</script>") ==
        "&lt;script&gt;alert(&#39;x&#39;) &amp; &quot;y&quot;&lt;/script&gt;");
  CHECK(html_escaped("α = 1.5\n\tβ") == "α = 1.5\n\tβ");
  CHECK(html_escaped("a\r\nb") == "a\nb");
}

TEST_CASE("control characters and broken UTF-8 become U+FFFD") {
  const std::string mark = "\xEF\xBF\xBD";
  CHECK(html_escaped(std::string("a\0b\x1b[1m", 7)) == "a" + mark + "b" + mark + "[1m");
  CHECK(html_escaped("\xff") == mark);
  CHECK(html_escaped("\xce") == mark);                                   // cut short
  CHECK(html_escaped("\xc0\xaf") == mark + mark);                        // an overlong '/'
  CHECK(html_escaped("\xed\xa0\x80") == mark + mark + mark);             // a surrogate
  CHECK(html_escaped("\xe0\x80\xaf") == mark + mark + mark);             // overlong in three bytes
  CHECK(html_escaped("\xf0\x9f\x98\x80") == "\xf0\x9f\x98\x80");         // beyond the basic plane
  CHECK(html_escaped("\xf4\x90\x80\x80") == mark + mark + mark + mark);  // beyond U+10FFFF
}

TEST_CASE("a table's cells are escaped and its numbers marked") {
  CHECK(
      html_table({{"a", "b"}, {{"<i>", "1"}}, {false, true}}) ==
      "<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">a</th><th scope=\"col\" class=\"number\">b</th></tr>\n"
      "</thead>\n<tbody>\n<tr><td>&lt;i&gt;</td><td class=\"number\">1</td></tr>\n</tbody></table></div>\n");
}

TEST_CASE("an SVG for a page has no prologue, and ids of its own") {
  const std::string document =
      "<?xml version=\"1.0\"?>\n<svg width=\"1\">\n<title>Gnuplot</title>\n<g id=\"gnuplot_plot_1\" >"
      "<path id='gpPt0'/><use xlink:href='#gpPt0'/><g filter=\"url(#box)\"/></g><!-- c --></svg>\n";
  CHECK(inline_svg(document, "a-", "x < y") ==
        "<svg role=\"img\" aria-label=\"x &lt; y\" width=\"1\">\n\n<g ><path id='a-gpPt0'/>"
        "<use xlink:href='#a-gpPt0'/><g filter=\"url(#a-box)\"/></g></svg>\n");
  CHECK(inline_svg("no picture", "a-", "x").empty());
}
