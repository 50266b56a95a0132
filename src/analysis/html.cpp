#include "memscale/analysis/html.hpp"

#include <cstdint>

namespace memscale {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

/// Bytes of the UTF-8 character that `text` begins with; 0 where it is broken or no character of HTML.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t first = byte(0);
  if (first < 0x80) return first == '\n' || first == '\t' || (first >= 0x20 && first != 0x7f) ? 1 : 0;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  std::uint32_t code = first & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3f);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0xa0, 0x800, 0x10000};  // below 0xa0: control characters
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  const bool no_character = (code & 0xfffe) == 0xfffe || (code >= 0xfdd0 && code <= 0xfdef);
  return code >= smallest[length] && code <= 0x10ffff && !surrogate && !no_character ? length : 0;
}

void erase_between(std::string& text, std::string_view begin, std::string_view end) {
  for (std::size_t from = 0; (from = text.find(begin, from)) != std::string::npos;) {
    const std::size_t to = text.find(end, from + begin.size());
    if (to == std::string::npos) return;
    text.erase(from, to + end.size() - from);
  }
}

void replace_all(std::string& text, std::string_view old, const std::string& now) {
  for (std::size_t at = 0; (at = text.find(old, at)) != std::string::npos; at += now.size())
    text.replace(at, old.size(), now);
}

}  // namespace

std::string html_escaped(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const std::string_view character = text.substr(0, length == 0 ? 1 : length);
    text.remove_prefix(character.size());
    if (length == 0) {
      if (character != "\r") safe.append(replacement);  // of a line's end in \r\n the \n is kept
    } else if (character == "&") {
      safe += "&amp;";
    } else if (character == "<") {
      safe += "&lt;";
    } else if (character == ">") {
      safe += "&gt;";
    } else if (character == "\"") {
      safe += "&quot;";
    } else if (character == "'") {
      safe += "&#39;";
    } else {
      safe.append(character);
    }
  }
  return safe;
}

std::string html_table(const Table& table) {
  const auto line = [&](const std::vector<std::string>& row, const std::string& tag) {
    std::string text = "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string scope = tag == "th" ? " scope=\"col\"" : "";
      const std::string aligned = table.numeric[i] ? " class=\"number\"" : "";
      text += "<" + tag + scope + aligned + ">" + html_escaped(row[i]) + "</" + tag + ">";
    }
    return text + "</tr>\n";
  };
  std::string text = "<div class=\"wide\"><table>\n<thead>" + line(table.header, "th") + "</thead>\n<tbody>\n";
  for (const auto& row : table.rows) text += line(row, "td");
  return text + "</tbody></table></div>\n";
}

std::string inline_svg(const std::string& document, const std::string& prefix, const std::string& label) {
  const std::size_t start = document.find("<svg");
  const std::size_t end = document.rfind("</svg>");
  if (start == std::string::npos || end == std::string::npos || end < start) return {};
  std::string svg = document.substr(start, end + 6 - start);
  erase_between(svg, "<!--", "-->");
  erase_between(svg, "<title>", "</title>");
  erase_between(svg, "<desc>", "</desc>");
  erase_between(svg, " id=\"gnuplot_", "\"");
  for (const char* quote : {"'", "\""}) {
    replace_all(svg, std::string(" id=") + quote, std::string(" id=") + quote + prefix);
    replace_all(svg, std::string("href=") + quote + "#", std::string("href=") + quote + "#" + prefix);
  }
  replace_all(svg, "url(#", "url(#" + prefix);
  return svg.insert(4, " role=\"img\" aria-label=\"" + html_escaped(label) + "\"") + "\n";
}

}  // namespace memscale
