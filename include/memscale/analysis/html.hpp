#pragma once

#include <string>
#include <string_view>

#include "memscale/analysis/table.hpp"

namespace memscale {

/// `text` as HTML character data or attribute value: & < > " ' escaped; what HTML cannot hold (control characters,
/// broken UTF-8) becomes U+FFFD.
std::string html_escaped(std::string_view text);

/// A <table>, numbers aligned to the right.
std::string html_table(const Table& table);

/// The <svg> element of an SVG document, fit to stand in a page beside others: prologue, comments and ids that nothing
/// refers to are dropped, the other ids begin with `prefix`, and `label` is its accessible name.
std::string inline_svg(const std::string& document, const std::string& prefix, const std::string& label);

}  // namespace memscale
